// The counter: buttons add pieces, the keypad types, the sum is shown; then the code, and the green screen at once when it is paid. The page
// stays the same one all the while, so that it may sound. Without script, the forms do the same with a page each.
(() => {
  const main = document.querySelector("main");
  const worker = document.currentScript.dataset.worker;
  if (!document.getElementById("counter")) return;
  const language = document.documentElement.lang;
  let source, clock, sound, lock;

  navigator.serviceWorker?.register(worker, { scope: "/desk/counter" }).catch(() => {});

  // Browsers let a page sound once it was touched.
  const awake = () => {
    const Sound = window.AudioContext ?? window.webkitAudioContext;
    sound ??= Sound && new Sound();
    sound?.resume().catch(() => {});
  };

  function chime() {
    navigator.vibrate?.([120, 60, 240]);
    if (sound?.state !== "running") return;
    [659, 784, 1047].forEach((pitch, place) => {
      const [tone, volume] = [sound.createOscillator(), sound.createGain()];
      const begin = sound.currentTime + place * 0.12;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.4, begin);
      volume.gain.exponentialRampToValueAtTime(0.001, begin + 0.3);
      tone.connect(volume).connect(sound.destination);
      tone.start(begin);
      tone.stop(begin + 0.3);
    });
  }

  // Whether there is a network at all; a request that fails says it too.
  function online(is) {
    const notice = document.getElementById("offline");
    const button = main.querySelector(".till [type=submit]");
    if (notice) notice.hidden = is;
    if (button) button.disabled = !is;
  }

  // Shows the content of another page of the counter in the place of this one.
  function show(text, url) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("counter");
    if (!fresh) return false;
    const seen = document.getElementById("counter");
    const waits = fresh.dataset.events && fresh.dataset.events === seen.dataset.events;
    // It is still open: whoever reads the code is not disturbed.
    if (waits && !fresh.querySelector(".notice[role=status]")) return true;
    seen.replaceWith(document.adoptNode(fresh));
    if (url !== location.href) history.pushState(null, "", url);
    start();
    return true;
  }

  async function ask(url, options) {
    const answer = await fetch(url, { headers: { accept: "text/html" }, cache: "no-store", ...options });
    return { text: await answer.text(), url: answer.url };
  }

  async function refresh() {
    const seen = document.getElementById("counter");
    try {
      const { text, url } = await ask(location.href);
      if (document.getElementById("counter") !== seen) return;
      if (!show(text, url)) location.assign(url);
    } catch {
      // The network is away: the next event asks again.
    }
  }

  // The sum, as it will be asked for. The server counts for itself.
  function total(form) {
    const { decimals, mark, unit } = form.dataset;
    const coins = (text) => {
      // One or two digits after either mark can only be decimals.
      const plain = text.trim().replace(/[\u0660-\u0669]/g, (digit) => digit.charCodeAt(0) - 0x660);
      const [whole, part = ""] = plain.split(plain.includes(mark) ? mark : /[.,](?=\d{1,2}$)/);
      return Number(whole.replace(/\D/g, "") + part.replace(/\D/g, "").padEnd(decimals, "0").slice(0, decimals));
    };
    let sum = coins(form.elements.amount.value);
    for (const field of form.querySelectorAll("[data-coins]")) {
      field.closest("li").classList.toggle("chosen", Number(field.value) > 0);
      sum += Number(field.dataset.coins) * Number(field.value);
    }
    const tip = form.elements.tip.value;
    sum += tip === "other" ? coins(form.elements.tip_amount.value) : Math.floor(sum * Number(tip) / 100 + 0.5);
    const digits = { minimumFractionDigits: Number(decimals), numberingSystem: "latn" };
    const shown = document.getElementById("total");
    const text = Number.isFinite(sum) ? (sum / 10 ** decimals).toLocaleString(language, digits) : "";
    shown.replaceChildren(`${shown.dataset.text} `, Object.assign(document.createElement("bdi"), { textContent: `${text} ${unit}` }));
  }

  // As on a till: digits come in from the end.
  function key(form, typed) {
    const { decimals, mark } = form.dataset;
    const field = form.elements.amount;
    let digits = field.value.replace(/\D/g, "");
    digits = (typed === "" ? digits.slice(0, -1) : digits + typed).replace(/^0+/, "").slice(0, 10);
    const padded = digits.padStart(Number(decimals) + 1, "0");
    const end = padded.length - decimals;
    field.value = digits === "" ? "" : padded.slice(0, end) + (decimals === "0" ? "" : mark + padded.slice(end));
    total(form);
  }

  async function charge(form) {
    awake();
    const button = form.querySelector("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    try {
      const { text, url } = await ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      // Signed out meanwhile, or something is wrong: the server's own page says what.
      if (!show(text, url)) form.submit();
    } catch {
      online(false);
      button.disabled = false;
    }
  }

  function paid() {
    source.close();
    const green = main.querySelector(".green");
    green.hidden = false;
    main.querySelector(".scan").hidden = true;
    chime();
    refresh();
  }

  function follow(counter) {
    source = new EventSource(counter.dataset.events);
    source.addEventListener("invoice.paid", paid);
    for (const over of ["invoice.expired", "invoice.cancelled"]) source.addEventListener(over, refresh);
    // A stream that is silently away.
    clock = setInterval(() => document.hidden || refresh(), 20000);
    navigator.wakeLock?.request("screen").then((held) => (lock = held)).catch(() => {});
  }

  // What is shown now.
  function start() {
    source?.close();
    clearInterval(clock);
    lock?.release().catch(() => {});
    lock = null;
    const counter = document.getElementById("counter");
    const form = counter.querySelector(".till");
    if (form) total(form);
    if (counter.dataset.events) follow(counter);
    const next = document.getElementById("next");
    if (next) next.focus();
    else if (counter.classList.contains("showing")) main.focus();
    online(navigator.onLine);
  }

  main.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const form = button?.form;
    if (!form) return;
    awake();
    if (button.dataset.add) {
      const field = document.getElementById(button.dataset.add);
      field.value = Math.min(Number(field.value) + 1, Number(field.max));
      total(form);
    }
    if (button.dataset.key !== undefined) key(form, button.dataset.key);
  });

  main.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches(".till")) return;
    if (event.target.id === "tip_amount") form.elements.tip.value = "other";
    total(form);
  });

  main.addEventListener("reset", (event) => setTimeout(() => {
    // What the server had filled in, too.
    for (const field of event.target.querySelectorAll("[data-coins], #amount, #tip_amount")) field.value = "";
    event.target.elements.tip.value = "";
    total(event.target);
  }));

  main.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".till")) {
      event.preventDefault();
      charge(form);
    } else if (form.matches("[data-here]")) {
      event.preventDefault();
      ask(form.action, { method: "POST", redirect: "manual" }).catch(() => {});
    }
  });

  // A keyboard's digits are the keypad's, wherever one is.
  document.addEventListener("keydown", (event) => {
    const form = main.querySelector(".till");
    if (!form || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, button, a, select, summary")) return;
    if (/^\d$/.test(event.key)) key(form, event.key);
    else if (event.key === "Backspace") key(form, "");
    else if (event.key === "Enter") form.requestSubmit();
    else if (event.key === "Escape") form.reset();
    else return;
    event.preventDefault();
  });

  addEventListener("online", () => { online(true); if (source) refresh(); });
  addEventListener("offline", () => online(false));
  // A form that has made a sale must not make it again: going back loads it anew.
  addEventListener("popstate", () => location.reload());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  start();
})();
