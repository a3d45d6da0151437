// Brings the live parts of the page up to date without moving the focus, an open fold or the place scrolled to.
"use strict";
(() => {
  const main = document.querySelector("[data-live]");
  if (!main) return;
  const pause = document.getElementById("pause");
  const freshness = document.getElementById("freshness");
  const told = document.getElementById("told");
  const EVERY = 3000;
  let paused = false;

  function place(element) {
    return {
      focus: element.contains(document.activeElement) ? document.activeElement.id : "",
      folds: [...element.querySelectorAll("details[open]")].map((fold) => fold.id),
      scrolls: [...element.querySelectorAll(".scroll")].map((box) => [box.scrollLeft, box === document.activeElement]),
    };
  }

  function replace(id, html) {
    const element = document.getElementById(id);
    if (!element || element.dataset.html === html) return;
    const was = place(element);
    element.innerHTML = html;
    element.dataset.html = html;
    was.folds.forEach((fold) => { const found = document.getElementById(fold); if (found) found.open = true; });
    element.querySelectorAll(".scroll").forEach((box, index) => {
      if (!was.scrolls[index]) return;
      box.scrollLeft = was.scrolls[index][0];
      if (was.scrolls[index][1]) box.focus({preventScroll: true});
    });
    const focused = was.focus && document.getElementById(was.focus);
    if (focused) focused.focus({preventScroll: true});
  }

  async function refresh() {
    if (paused || document.hidden) return;
    try {
      const answer = await fetch(main.dataset.live, {headers: {Accept: "application/json"}});
      if (answer.status === 401) { freshness.textContent = "You are signed out: open the instructor's address again."; return; }
      if (!answer.ok) throw new Error(String(answer.status));
      const parts = await answer.json();
      for (const id of ["jobs", "room"]) replace(id, parts[id]);
      if (told && told.dataset.waits && !document.querySelector(".job-running")) told.textContent = "";
      freshness.textContent = `Updated ${parts.updated}.`;
    } catch (error) {
      freshness.textContent = "▲ The workshop does not answer. What you see is old.";
    }
  }

  if (pause) pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Updates are paused" : "Pause updates";
    refresh();
  });
  document.querySelectorAll(".steps form").forEach((form) => form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    const body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    try {
      const answer = await fetch(form.action, {method: "POST", body, headers: {Accept: "application/json"}});
      const parts = await answer.json();
      told.dataset.waits = document.querySelector(".job-running") ? "yes" : "";
      told.textContent = parts.error ? `▲ ${parts.error.sentence}` : "";
    } catch (error) {
      told.textContent = "▲ The workshop does not answer. Nothing was started.";
    }
    refresh();
  }));
  setInterval(refresh, EVERY);
})();
