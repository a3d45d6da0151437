// Radio buttons of ipywidgets 8 have no name, so that each is a tab stop of its own and arrow keys do nothing. Here
// those of one question get one name, which makes them the group that a browser knows, and the group gets its label.
// And ipywidgets holds back a field's newest value until the kernel has dealt with the one before, but sends a press of
// a button at once: whoever types and presses quickly would have an older answer judged. Here the press waits.
// Written in the form that JupyterLab loads (webpack's module federation), without a build.
(() => {
  "use strict";
  let groups = 0;

  const join = (box) => {
    const radios = box.querySelectorAll('input[type="radio"]');
    if (!radios.length || [...radios].every((radio) => radio.name)) return;
    box.dataset.spamlabGroup ??= `spamlab-group-${++groups}`;
    radios.forEach((radio) => { radio.name = box.dataset.spamlabGroup; });
    box.setAttribute("role", "radiogroup");
    const label = box.parentElement && box.parentElement.querySelector(":scope > .widget-label");
    if (label) {
      label.id ||= `${box.dataset.spamlabGroup}-label`;
      box.setAttribute("aria-labelledby", label.id);
    }
  };

  const look = (node) => {
    if (!(node instanceof Element)) return;
    const inside = node.closest(".widget-radio-box");
    if (inside) join(inside);
    node.querySelectorAll(".widget-radio-box").forEach(join);
  };

  const WAITS = ":is(.spamlab-form, .spamlab-policy) button:is(.save, .spamlab-waits)";
  const LONGEST_WAIT = 10000; // milliseconds in which the kernel does nothing: a lost reply must not make a button dead
  const LOOK = 20; // milliseconds
  const GONE = ["restarting", "autorestarting", "dead", "unknown"];
  const unanswered = new WeakMap(); // of each kernel: the ids of values that it has not dealt with yet
  const waiting = new WeakSet(); // buttons that are pressed, and wait
  let released = null; // the button whose press has waited

  const listen = (kernel) => {
    const values = new Set();
    unanswered.set(kernel, values);
    kernel.anyMessage.connect((_kernel, { msg, direction }) => {
      if (direction === "send" && msg.header.msg_type === "comm_msg" && msg.content.data?.method === "update")
        values.add(msg.header.msg_id);
    });
    // This signal comes after ipywidgets has seen the message, and has sent the value that it held back.
    kernel.iopubMessage.connect((_kernel, msg) => {
      if (msg.header.msg_type === "status" && msg.content.execution_state === "idle")
        values.delete(msg.parent_header.msg_id);
    });
    kernel.statusChanged.connect((_kernel, status) => { if (GONE.includes(status)) values.clear(); });
  };

  const kernelOf = (app, node) => {
    for (const panel of app.shell.widgets("main"))
      if (panel.node.contains(node)) return panel.sessionContext?.session?.kernel;
  };

  const activity = (app) => (event) => {
    const kernel = kernelOf(app, event.target);
    if (kernel && !unanswered.has(kernel)) listen(kernel);
  };

  const press = (app) => (event) => {
    const button = event.target instanceof Element && event.target.closest(WAITS);
    if (!button || button === released) return;
    const kernel = kernelOf(app, button);
    const values = kernel && unanswered.get(kernel);
    if (!values?.size) return;
    event.stopImmediatePropagation();
    if (waiting.has(button)) return;
    waiting.add(button);
    button.setAttribute("aria-busy", "true");
    let still = 0;
    const look = () => {
      still = kernel.status === "busy" ? 0 : still + LOOK;
      if (values.size && still < LONGEST_WAIT) return void setTimeout(look, LOOK);
      values.clear();
      waiting.delete(button);
      button.removeAttribute("aria-busy");
      released = button;
      button.click();
      released = null;
    };
    setTimeout(look, LOOK);
  };

  const plugin = {
    id: "spamlab-forms:forms",
    autoStart: true,
    activate: (app) => {
      for (const kind of ["focusin", "pointerdown", "keydown"]) document.addEventListener(kind, activity(app), true);
      document.addEventListener("click", press(app), true);
      look(document.body);
      new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(look)))
        .observe(document.body, { childList: true, subtree: true });
    },
  };

  const parts = { "./extension": { __esModule: true, default: plugin } };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["spamlab-forms"] = {
    init: () => {},
    get: (name) => (parts[name] ? Promise.resolve(() => parts[name]) : Promise.reject(new Error(`no part ${name}`))),
  };
})();
