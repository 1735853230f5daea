// Follows an invoice: its state changes on the page by itself, without reloading. Without script the page refreshes.
(() => {
  const followed = document.querySelector("[data-events]");
  if (!followed) return;

  const left = followed.querySelector("[data-seconds]");
  const end = performance.now() + 1000 * Number(left.dataset.seconds);
  const clock = setInterval(() => {
    const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    left.textContent = (hours ? `${hours}:${two(minutes)}` : minutes) + ":" + two(seconds % 60);
  }, 1000);

  let pause = 2000;
  const later = () => {
    setTimeout(show, pause);
    pause = Math.min(pause * 1.5, 30000);
  };

  // Puts the present state on the page, or tries again later.
  async function show() {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || page.querySelector("[data-events]")) return later();
      clearInterval(clock);
      document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
      document.title = page.title;
      document.querySelector("#announce").textContent = document.querySelector("main h1").textContent;
    } catch {
      later();
    }
  }

  const stream = new EventSource(followed.dataset.events);
  const news = () => {
    stream.close();
    show();
  };
  for (const type of ["invoice.paid", "invoice.expired", "invoice.cancelled"]) stream.addEventListener(type, news);
  // The browser comes back by itself unless the server refused: then ask now and then.
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) later();
  });
})();
