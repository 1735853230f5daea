// Follows an invoice: its state changes on the page by itself, without reloading. Without script the page refreshes.
(() => {
  const main = document.querySelector("main");
  const about = document.querySelector("meta[name=facture]").dataset;
  const announce = (text) => (document.querySelector("#announce").textContent = text);
  document.documentElement.classList.add("scripted");

  // Moments are written in UTC; here the reader's own zone is known.
  const moments = new Intl.DateTimeFormat(document.documentElement.lang, {
    year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short",
  });
  const localize = (page) => {
    for (const time of page.querySelectorAll("time[datetime]")) {
      time.title = time.textContent;
      time.textContent = moments.format(new Date(time.dateTime));
    }
  };

  // Tells a shop's page that shows us in a frame. Only the configured origins hear of it.
  const tell = (type, more) => {
    if (parent === window) return;
    const around = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
    for (const origin of about.origins.split(" ")) {
      if (origin && (!around || origin === around)) {
        parent.postMessage({ type, invoice: about.invoice, ...more }, origin);
      }
    }
  };

  const settled = () => {
    if (!main.querySelector(".paid")) return;
    tell("facture:paid");
    const onward = main.querySelector("[data-onward]");
    // In a frame the browser goes on by click only.
    if (onward && parent === window) setTimeout(() => location.assign(onward.href), 3000);
  };

  main.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-print]")) print();
    if (button?.matches("[data-copy]")) copy(button);
    if (button?.matches("[data-webln]")) {
      try {
        await window.webln.enable();
        await window.webln.sendPayment(main.querySelector("#bolt11").value);
      } catch {
        // The wallet has told the buyer why.
      }
    }
  });

  addEventListener("keydown", (event) => event.key === "Escape" && tell("facture:close"));

  async function copy(button) {
    const field = main.querySelector("#bolt11");
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Pages without TLS may not use the clipboard; a selection can be copied everywhere.
      field.select();
      if (!document.execCommand("copy")) return;
      button.focus();
    }
    const before = (button.dataset.copy ||= button.textContent);
    button.textContent = button.dataset.copied;
    announce(button.dataset.copied);
    clearTimeout(copy.over);
    copy.over = setTimeout(() => {
      button.textContent = before;
      announce("");
    }, 3000);
  }

  localize(document);
  tell("facture:ready", { close: about.close });
  settled();
  const followed = main.querySelector("[data-events]");
  if (!followed) return;

  if (window.webln) main.querySelector("[data-webln]").hidden = false;

  // The server says how many seconds are left, so the visitor's clock and zone do not matter.
  const left = followed.querySelector("[data-seconds]");
  const bar = followed.querySelector("progress");
  let end;
  const wind = (seconds) => (end = performance.now() + 1000 * seconds);
  wind(Number(left.dataset.seconds));
  const clock = setInterval(() => {
    const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    left.textContent = (hours ? `${hours}:${two(minutes)}` : minutes) + ":" + two(seconds % 60);
    bar.value = seconds;
    const words = left.dataset[`at${seconds}`];
    if (words) announce(words);
    if (seconds === 0 && left.dataset.seconds !== "0") {
      left.dataset.seconds = "0";
      show();
    }
  }, 1000);

  let stream;
  let heard = false;
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
      const signal = AbortSignal.timeout?.(10000);
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store", signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok) throw new Error("not now");
      const still = page.querySelector("[data-seconds]");
      if (still) {
        wind(Number(still.dataset.seconds));
        throw new Error("not yet");
      }
      over = true;
      clearInterval(clock);
      clearTimeout(timer);
      stream?.close();
      localize(page);
      const focused = main.contains(document.activeElement);
      main.replaceChildren(...page.querySelector("main").childNodes);
      document.title = page.title;
      const heading = main.querySelector("h1");
      announce(heading.textContent);
      heading.scrollIntoView({ block: "nearest" });
      if (focused) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
      }
      settled();
    } catch {
      later();
    }
    asking = false;
    // News that came while we asked may be newer than the answer.
    if (wanted) show();
  }

  function follow() {
    stream?.close();
    heard = false;
    stream = new EventSource(followed.dataset.events);
    stream.addEventListener("invoice.created", () => (heard = true));
    for (const type of ["invoice.paid", "invoice.expired", "invoice.cancelled", "invoice.payment_proven"]) stream.addEventListener(type, show);
    // The browser comes back by itself, unless the server refused: then we ask now and then.
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) later();
    });
    // A proxy in between may hold the stream back.
    setTimeout(() => heard || over || later(), 5000);
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
