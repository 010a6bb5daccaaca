// Behaviour that needs no server: light and dark, citation marks, copying. No dependency, no request.
(() => {
  "use strict";
  const KEY = "dateline-theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const stored = () => {
    try {
      return window.localStorage.getItem(KEY);
    } catch {
      return null; // storage is switched off: follow the system
    }
  };
  const isDark = () => (stored() ?? (system.matches ? "dark" : "light")) === "dark";

  const applyTheme = () => {
    if (document.body.classList.contains("dark") !== isDark()) {
      document.body.classList.toggle("dark", isDark());
    }
    const toggle = document.getElementById("dl-theme");
    if (toggle && toggle.textContent.trim() !== (isDark() ? "Light" : "Dark")) {
      toggle.textContent = isDark() ? "Light" : "Dark";
    }
    toggle?.setAttribute("aria-label", isDark() ? "Switch to the light theme" : "Switch to the dark theme");
    document.documentElement.style.colorScheme = isDark() ? "dark" : "light";
  };

  const toggleTheme = () => {
    const wanted = isDark() ? "light" : "dark";
    try {
      window.localStorage.setItem(KEY, wanted);
    } catch {
      document.body.classList.toggle("dark", wanted === "dark");
      return;
    }
    applyTheme();
  };

  // Opens the passage that a mark stands for, whichever turn of the conversation it belongs to.
  const openCitation = (anchor) => {
    const card = document.getElementById(anchor);
    const turn = card?.closest(".dl-turn");
    if (!turn) return;
    for (const other of document.querySelectorAll(".dl-turn.dl-current")) other.classList.remove("dl-current");
    turn.classList.add("dl-current");
    card.open = true;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const words = card.querySelector("mark");
    const isLong = card.offsetHeight > window.innerHeight * 0.7;
    const target = words && isLong ? words : card;
    target.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: isLong ? "center" : "nearest" });
    card.classList.remove("dl-flash");
    void card.offsetWidth; // restarts the animation
    card.classList.add("dl-flash");
    card.querySelector("summary").focus({ preventScroll: true });
  };

  const copyAnswer = async (button) => {
    const clipping = document.querySelector(".dl-turn.dl-current .dl-clipping");
    const text = clipping ? clipping.innerHTML.replaceAll("<br>", "\n") : "";
    const plain = new DOMParser().parseFromString(`<pre>${text}</pre>`, "text/html").body.textContent;
    let said = "Nothing to copy";
    if (plain) {
      try {
        await navigator.clipboard.writeText(plain);
        said = "Copied";
      } catch {
        said = "Copying is not allowed";
      }
    }
    const label = button.textContent;
    button.textContent = said;
    window.setTimeout(() => (button.textContent = label), 1500);
  };

  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.('a[href*="#cite-"]');
    if (mark) {
      event.preventDefault();
      openCitation(mark.getAttribute("href").split("#").pop());
      return;
    }
    const button = event.target.closest?.("button");
    if (button?.id === "dl-theme") toggleTheme();
    if (button?.id === "dl-copy" && !button.dataset.busy) void copyAnswer(button);
  });

  // Gradio labels each message with its markup, and some controls not at all: a screen reader should
  // read what is shown.
  const relabel = () => {
    for (const message of document.querySelectorAll('#dl-chat [data-testid][aria-label*="message: <"]')) {
      message.removeAttribute("aria-label");
    }
    const name = (selector, label) => {
      for (const control of document.querySelectorAll(`${selector}:not([aria-label])`)) {
        control.setAttribute("aria-label", typeof label === "string" ? label : label(control));
      }
    };
    const field = (control) => control.closest(".block").querySelector('[data-testid="block-info"]').textContent;
    name("#dl-question .submit-button", "Ask");
    name("#dl-filters input.time", field);
    name("#dl-filters button.calendar", (button) => `${field(button)}: choose a day`);
  };

  // What was asked last stays in sight at the top while its answer grows, until the reader scrolls.
  const MARGIN = 12;
  let asked = 0;
  let isFollowing = false;
  const follow = () => {
    const view = document.querySelector("#dl-chat .bubble-wrap");
    const questions = view?.querySelectorAll(".dl-question") ?? [];
    if (questions.length > asked) isFollowing = true;
    asked = questions.length;
    if (!isFollowing || !asked) return;
    const top = questions[asked - 1].getBoundingClientRect().top - view.getBoundingClientRect().top;
    view.scrollTop += top - MARGIN;
  };
  const unfollow = (event) => {
    if (event.target.closest?.("#dl-chat")) isFollowing = false;
  };

  const start = () => {
    applyTheme();
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      document.addEventListener(kind, unfollow, { passive: true });
    }
    system.addEventListener("change", applyTheme);
    // Gradio sets the class itself when it mounts, and draws its parts later than this runs.
    new MutationObserver(applyTheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    new MutationObserver(() => {
      applyTheme();
      relabel();
      follow();
    }).observe(document.body, { childList: true, subtree: true });
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
