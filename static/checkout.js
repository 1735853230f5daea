// Follows an invoice: its state changes on the page by itself, without reloading. Without script the page refreshes.
(() => {
  const followed = document.querySelector("[data-events]");
  if (!followed) return;

  const left = followed.querySelector("[data-seconds]");
  const end = Date.now() + 1000 * Number(left.dataset.seconds);
  const clock = setInterval(() => {
    const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    left.textContent = (hours ? `${hours}:${two(minutes)}` : minutes) + ":" + two(seconds % 60);
  }, 1000);

  let stream;
  let over = false;
  let asking = false;
  let wanted = false;
  let pause = 2000;
  let timer;

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(show, pause);
    pause = Math.min(pause * 1.5, 30000);
  };

  // Puts the final state on the page once there is one, or tries again later.
  async function show() {
    wanted = true;
    if (over || asking) return;
    asking = true;
    wanted = false;
    try {
      const signal = AbortSignal.timeout(10000);
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store", signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || page.querySelector("[data-events]")) throw new Error("not yet");
      over = true;
      clearInterval(clock);
      clearTimeout(timer);
      stream.close();
      document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
      document.title = page.title;
      document.querySelector("#announce").textContent = document.querySelector("main h1").textContent;
    } catch {
      later();
    }
    asking = false;
    // News that came while we asked may be newer than the answer.
    if (wanted) show();
  }

  function follow() {
    stream?.close();
    stream = new EventSource(followed.dataset.events);
    for (const type of ["invoice.paid", "invoice.expired", "invoice.cancelled"]) stream.addEventListener(type, show);
    // The browser comes back by itself, unless the server refused: then we ask now and then.
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) later();
    });
  }

  // A phone that was in the wallet, or a laptop that slept, may believe in a connection that is gone.
  const again = () => {
    if (over || document.visibilityState !== "visible") return;
    follow();
    show();
  };
  document.addEventListener("visibilitychange", again);
  addEventListener("pageshow", (event) => event.persisted && again());
  addEventListener("online", again);

  follow();
})();
