// Follows an invoice: its state changes on the page without reloading. Without script a small frame tells it.
(() => {
  const main = document.querySelector("main");
  const about = document.querySelector("meta[name=facture]").dataset;
  const announce = (text) => (document.querySelector("#announce").textContent = text);
  const language = document.documentElement.lang;
  document.documentElement.classList.add("scripted");

  // What only the merchant is to see, right after creating, is not in the address that the buyer gets.
  const here = new URL(location);
  if (here.searchParams.has("created") && self.origin !== "null") {
    here.searchParams.delete("created");
    history.replaceState(history.state, "", here);
  }

  // Moments are written in UTC; here the reader's own zone is known.
  const moments = new Intl.DateTimeFormat(language, {
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
    const over = ["expired", "cancelled"].find((state) => main.querySelector(`.state.${state}`));
    if (over) tell(`facture:${over}`);
    if (!main.querySelector(".paid")) return;
    const onward = main.querySelector("[data-onward]")?.href;
    // In a frame the page around it goes on.
    tell("facture:paid", { onward });
    if (onward && parent === window) setTimeout(() => location.assign(onward), 3000);
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
    const field = main.querySelector(button.dataset.of ?? "#bolt11");
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

  // A wallet in the browser may be there only after the page.
  const offer = () => {
    if (window.webln) main.querySelector("[data-webln]")?.removeAttribute("hidden");
  };
  for (const target of [document, window]) target.addEventListener("webln:ready", offer);

  // The server says how many seconds are left, so the visitor's clock and zone do not matter.
  // There is no clock once the payment is held.
  let left = followed.querySelector("[data-seconds]");
  const bar = followed.querySelector("progress");
  let end;
  const wind = (seconds) => (end = performance.now() + 1000 * seconds);
  if (left) wind(Number(left.dataset.seconds));

  // `59:07`; from an hour on in words, the larger two: "6 days, 23 hours".
  const list = new Intl.ListFormat(language, { type: "unit" });
  const words = (seconds) => {
    if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const [days, hours, minutes] = [seconds / 86400, (seconds / 3600) % 24, (seconds / 60) % 60].map(Math.floor);
    const units = days ? { day: days, hour: hours } : { hour: hours, minute: minutes };
    return list.format(Object.entries(units).filter(([, count]) => count).map(([unit, count]) =>
      new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", numberingSystem: "latn" }).format(count)));
  };

  // Milliseconds. A stream says something at least every ten seconds; we ask by ourselves now and then all the same.
  const SILENCE = 25000;
  const NOW_AND_THEN = 45000;
  const MINUTE = 60000;
  const SOON = 2000;
  // A browser has six connections to a host: of all pages in sight so many hold one.
  const STREAMS = 4;

  const seen = () => document.visibilityState === "visible";
  let over = false;
  // The stream, and whether one is being opened.
  let stream;
  let opening = false;
  // When to ask by ourselves, and how long to wait after that.
  let pause = SOON;
  let next = Date.now() + (self.origin === "null" ? 15000 : 5000);
  let asking = false;
  let wanted = false;

  // A place among the streams: what gives it back, or nothing. Without locks, which need TLS, the page in use has one.
  async function place() {
    if (!navigator.locks) return document.hasFocus() ? () => {} : null;
    const take = (name) => new Promise((taken) => {
      const hold = (lock) => lock && new Promise((release) => taken(release));
      navigator.locks.request(name, { ifAvailable: true }, hold).then(() => taken(null), () => taken(null));
    });
    for (let number = 1; number <= STREAMS; number++) {
      const release = await take(`facture-stream-${number}`);
      if (release) return release;
    }
    return null;
  }

  async function follow() {
    if (stream || opening || over || !seen() || self.origin === "null") return;
    opening = true;
    const release = await place();
    opening = false;
    if (!release) return;
    if (over || !seen()) return release();
    const source = new EventSource(followed.dataset.events);
    const own = (stream = { source, release, heard: Date.now(), alive: false });
    const hear = () => {
      own.heard = Date.now();
      if (own.alive) return;
      own.alive = true;
      pause = SOON;
      next = own.heard + NOW_AND_THEN;
    };
    for (const type of ["heartbeat", "invoice.created"]) source.addEventListener(type, hear);
    for (const type of ["invoice.accepted", "invoice.paid", "invoice.expired", "invoice.cancelled", "invoice.payment_proven"]) source.addEventListener(type, show);
    // The browser comes back by itself, unless it was refused (503, 204): then we do.
    source.addEventListener("error", () => {
      if (stream !== own) return;
      own.alive = false;
      next = Math.min(next, Date.now() + pause);
      if (source.readyState === EventSource.CLOSED) leave();
    });
  }

  function leave() {
    stream?.source.close();
    stream?.release();
    stream = null;
    next = Math.min(next, Date.now() + pause);
  }

  // Puts the next state on the page once there is one, or tries again later.
  async function show() {
    wanted = true;
    if (over || asking) return;
    asking = true;
    wanted = false;
    // Nobody else may read the answers of a frame without an origin of its own: it loads again.
    if (self.origin === "null") return location.reload();
    pause = Math.min(pause * 1.5, seen() ? 10000 : MINUTE);
    next = Date.now() + (stream?.alive ? NOW_AND_THEN : seen() ? pause : Math.max(pause, 15000));
    try {
      const signal = AbortSignal.timeout?.(10000);
      const answer = await fetch(location.href, {
        headers: { accept: "text/html" }, cache: "no-store", redirect: "manual", signal,
      });
      // It leads on, to the shop.
      if (answer.type === "opaqueredirect") return finish();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok) {
        const still = page.querySelector("[data-seconds]");
        if (still) wind(Number(still.dataset.seconds));
        else if (!page.querySelector("[data-events]")) finish(page);
        else if (left) {
          left = null;
          put(page);
        }
      }
    } catch {
      // The network is away: later.
    } finally {
      asking = false;
    }
    follow();
    // News that came while we asked may be newer than the answer.
    if (wanted) show();
  }

  function finish(page) {
    over = true;
    clearInterval(clock);
    leave();
    const about = { detail: { paid: !page || !!page.querySelector(".paid") }, cancelable: true };
    if (!document.dispatchEvent(new CustomEvent("facture:final", about))) return;
    if (!page) return location.reload();
    put(page);
    settled();
  }

  // Shows another state.
  function put(page) {
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
  }

  // In sight again, online again, awake again: what we believe in may be gone.
  const again = () => {
    if (over) return;
    leave();
    pause = SOON;
    if (seen()) show();
  };
  document.addEventListener("visibilitychange", again);
  document.addEventListener("resume", again);
  addEventListener("pageshow", (event) => event.persisted && again());
  addEventListener("pagehide", () => leave());
  addEventListener("online", again);
  addEventListener("focus", () => follow());
  addEventListener("blur", () => navigator.locks || leave());

  let ticked = Date.now();
  const tick = () => {
    const now = Date.now();
    const slept = Math.abs(now - ticked) > 5000;
    ticked = now;
    offer();
    if (left) {
      const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
      left.textContent = words(seconds);
      bar.value = seconds;
      const said = left.dataset[`at${seconds}`];
      if (said) announce(said);
      if (seconds === 0 && left.dataset.seconds !== "0") {
        left.dataset.seconds = "0";
        next = now;
      }
    }
    if (slept && seen()) again();
    else if (stream && now - stream.heard > SILENCE) again();
    else if (now >= next) show();
  };
  const clock = setInterval(tick, 1000);
  tick();
  follow();
})();
