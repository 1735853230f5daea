// A page of the desk that follows the shop: when something happens, it asks for itself again and shows what changed. Without it, the
// page is as it was when it was loaded.
(() => {
  const live = document.getElementById("live");
  const said = document.getElementById("live-said");
  if (!live || !window.EventSource) return;
  const PAUSE = 3000;
  let asking = false, wanted = false, last = 0;

  async function show() {
    wanted = true;
    if (asking || document.hidden) return;
    asking = true;
    wanted = false;
    try {
      await new Promise((done) => setTimeout(done, Math.max(0, last + PAUSE - Date.now())));
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store", redirect: "manual" });
      // The session has ended: the page that says so is the one to show.
      if (answer.type === "opaqueredirect") return location.reload();
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("live");
      if (fresh && fresh.innerHTML !== live.dataset.shown) put(fresh);
    } catch {
      // The network is away: the next event asks again.
    } finally {
      last = Date.now();
      asking = false;
      if (wanted) show();
    }
  }

  // Keeps what was opened and where the keyboard is.
  function put(fresh) {
    live.dataset.shown = fresh.innerHTML;
    const open = [...live.querySelectorAll("details")].map((one) => one.open);
    const href = live.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    live.replaceChildren(...fresh.childNodes);
    live.querySelectorAll("details").forEach((one, place) => { one.open = open[place] ?? false; });
    if (href) [...live.querySelectorAll("a")].find((link) => link.getAttribute("href") === href)?.focus();
    said.textContent = "";
    said.textContent = said.dataset.text;
  }

  live.dataset.shown = live.innerHTML;
  const source = new EventSource(live.dataset.events);
  source.addEventListener("changed", show);
  // What happened while the connection was away.
  let opened = false;
  source.addEventListener("open", () => { if (opened) show(); opened = true; });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && wanted) show(); });
})();
