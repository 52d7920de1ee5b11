// Two improvements of plain HTML; without this file links and forms still work.
//
// 1. A link to another page of Playprint is followed inside the running app: the address changes and Streamlit's
//    own handler for Back and Forward draws the page, with its query. No reload, no second start.
// 2. The upload form takes dropped files, shows progress and says in words what went wrong.
//
// Streamlit redraws its elements at will, so every listener sits on the document.
"use strict";
(() => {
  const PAGE = /^\/[a-z0-9-]*$/;

  function connected() {
    const app = document.querySelector("[data-testid=stApp]");
    return app !== null && app.getAttribute("data-test-connection-state") === "CONNECTED";
  }

  function go(href) {
    if (!connected()) {
      location.assign(href);
      return;
    }
    history.pushState(null, "", href);
    dispatchEvent(new PopStateEvent("popstate", { state: null }));
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  }

  function plain(event) {
    return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-testid=stHtml] a[href]");
    if (!link || event.defaultPrevented || !plain(event)) return;
    if (link.target === "_blank" || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || !PAGE.test(link.pathname)) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    go(link.href);
  });

  // The upload form. Its state is in the DOM: `data-busy` while sending.
  const formOf = (event) => event.target.closest?.("form#pp-upload") ?? null;
  const part = (form, name) => form.querySelector(`[data-part=${name}]`);

  function say(form, words, kind) {
    const line = part(form, "status");
    line.textContent = words;
    line.dataset.kind = kind;
  }

  function size(bytes) {
    const units = ["B", "kB", "MB", "GB"];
    const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
    return `${(bytes / 1000 ** step).toFixed(step > 1 ? 1 : 0)} ${units[step]}`;
  }

  function chosen(form) {
    const files = [...part(form, "files").files];
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const most = Number(form.dataset.most);
    const named = files.length === 1 ? files[0].name : `${files.length} files`;
    part(form, "send").disabled = files.length === 0 || total > most;
    if (files.length === 0) say(form, "", "");
    else if (total > most) say(form, `${named}: ${size(total)}, more than the ${size(most)} this Playprint takes.`, "error");
    else say(form, `${named}, ${size(total)}`, "chosen");
  }

  function send(form) {
    const body = new FormData();
    // The token goes first: nothing is stored before it is checked.
    for (const field of ["csrf", "other_account"]) {
      const value = new FormData(form).get(field);
      if (value !== null) body.append(field, value);
    }
    for (const file of part(form, "files").files) body.append("files", file, file.name);
    const request = new XMLHttpRequest();
    const bar = part(form, "progress");
    const button = part(form, "send");
    const done = () => {
      delete form.dataset.busy;
      bar.hidden = true;
      button.disabled = false;
    };
    const failed = (words) => {
      done();
      say(form, words, "error");
    };
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      const left = event.loaded === event.total ? "checking …" : `${size(event.loaded)} of ${size(event.total)}`;
      say(form, left, "sending");
    });
    request.addEventListener("load", () => {
      const answer = request.response ?? {};
      if (request.status === 200) {
        done();
        form.reset();
        chosen(form);
        go(answer.next);
      } else {
        failed(answer.message ?? "The upload was refused; please reload the page and try again.");
      }
    });
    request.addEventListener("error", () => failed("The connection broke during the upload; please try again."));
    request.addEventListener("timeout", () => failed("The upload took too long; please try again."));
    form.dataset.busy = "yes";
    button.disabled = true;
    bar.hidden = false;
    bar.value = 0;
    say(form, "starting …", "sending");
    request.open("POST", form.action);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF", body.get("csrf"));
    request.send(body);
  }

  document.addEventListener("change", (event) => {
    const form = formOf(event);
    if (form && event.target === part(form, "files")) chosen(form);
  });

  document.addEventListener("submit", (event) => {
    const form = formOf(event);
    if (!form) return;
    event.preventDefault();
    if (!form.dataset.busy) send(form);
  });

  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      const form = formOf(event);
      if (!form || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.dataset.over = "yes";
    });
  }

  document.addEventListener("dragleave", (event) => {
    const form = formOf(event);
    if (form && !form.contains(event.relatedTarget)) delete form.dataset.over;
  });

  document.addEventListener("drop", (event) => {
    const form = formOf(event);
    if (!form) return;
    event.preventDefault();
    delete form.dataset.over;
    if (form.dataset.busy || event.dataTransfer.files.length === 0) return;
    part(form, "files").files = event.dataTransfer.files;
    chosen(form);
  });

  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form#pp-upload[data-busy]")) event.preventDefault();
  });
})();
