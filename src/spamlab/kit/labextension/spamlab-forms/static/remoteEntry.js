// Radio buttons of ipywidgets 8 have no name, so that each is a tab stop of its own and arrow keys do nothing. Here
// those of one question get one name, which makes them the group that a browser knows, and the group gets its label.
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

  const plugin = {
    id: "spamlab-forms:radios",
    autoStart: true,
    activate: () => {
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
