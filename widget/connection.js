// Sends messages to the channel: each exactly once, in order, however often the connection breaks.

const FIRST_PAUSE = 1000; // milliseconds; doubled with every failure
const LONGEST_PAUSE = 30000;
const PATIENCE = 45000; // a turn that takes longer is asked for again; the server keeps its reply

// `crypto.randomUUID` is missing on pages that are not served securely.
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Rejected extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

/** Storage that still works (for this page only) where the browser blocks it. */
function safely(storage) {
  const memory = new Map();
  return {
    get(key) {
      try {
        return storage().getItem(key);
      } catch {
        return memory.get(key) ?? null;
      }
    },
    set(key, value) {
      try {
        if (value === null) storage().removeItem(key);
        else storage().setItem(key, value);
      } catch {
        memory.set(key, value);
      }
    },
  };
}

export class Connection extends EventTarget {
  /** `base` is the address of the channel. Events: reply, failed, rejected, trouble, recovered, renewed. */
  constructor(base) {
    super();
    this.base = base;
    this.key = `myelin ${base}`;
    this.local = safely(() => localStorage);
    this.tab = safely(() => sessionStorage);
    this.outbox = JSON.parse(this.tab.get(this.key) || "[]");
    this.failures = 0;
    this.wake = () => {};
    addEventListener("online", () => this.wake());
  }

  get token() {
    return this.local.get(this.key);
  }

  set token(value) {
    this.local.set(this.key, value);
  }

  /** Queues a message; it survives a reload of the page until it is answered. */
  send(text) {
    const message = { id: newId(), text };
    this.outbox.push(message);
    this.keep();
    this.pump();
    return message;
  }

  /** The talk so far; nothing is asked for without a session. */
  async history() {
    if (!this.token) return { messages: [], state: { urgent: null } };
    const reply = await fetch(`${this.base}/history`, { headers: { "X-Myelin-Session": this.token }, cache: "no-store" });
    if (reply.status === 403) {
      this.token = null;
      throw new Rejected(403, "session");
    }
    if (!reply.ok) throw new Error(`history ${reply.status}`);
    return reply.json();
  }

  forget() {
    this.token = null;
    this.outbox = [];
    this.keep();
  }

  keep() {
    this.tab.set(this.key, this.outbox.length ? JSON.stringify(this.outbox) : null);
  }

  say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  async pump() {
    if (this.pumping) return;
    this.pumping = true;
    while (this.outbox.length) {
      const message = this.outbox[0];
      try {
        const reply = await this.post(message);
        if (this.failures) this.say("recovered");
        this.failures = 0;
        this.done(message);
        this.say("reply", { message, ...reply });
      } catch (error) {
        if (error instanceof Rejected && error.status === 403 && !message.renewed) {
          message.renewed = true;
          this.token = null;
          this.say("renewed");
        } else if (error instanceof Rejected) {
          this.done(message);
          this.say("rejected", { message, status: error.status });
        } else {
          message.again = true;
          this.keep();
          await this.pause(message, error.seconds);
        }
      }
    }
    this.pumping = false;
  }

  done(message) {
    this.outbox = this.outbox.filter((other) => other !== message);
    this.keep();
  }

  /** Waits longer after each failure, or until the person or the browser says to try now. */
  async pause(message, seconds) {
    const backOff = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures += 1;
    this.say("trouble", { message, busy: seconds !== undefined });
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds === undefined ? backOff : seconds * 1000);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => {};
  }

  async post(message) {
    const { id, text, again } = message;
    return this.ask("/message", { session: await this.session(), id, text, ...(again && { again }) });
  }

  /** The session of this browser; of several tabs only one asks for it. */
  async session() {
    if (this.token) return this.token;
    const ask = async () => (this.token ||= (await this.ask("/session", {})).session);
    return navigator.locks ? navigator.locks.request(this.key, ask) : ask();
  }

  async ask(path, body) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE);
    try {
      const reply = await fetch(this.base + path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
        signal: abort.signal,
      });
      if (reply.ok) return await reply.json();
      if (reply.status === 429 || reply.status >= 500) {
        const wait = Number(reply.headers.get("Retry-After"));
        throw Object.assign(new Error(`status ${reply.status}`), wait ? { seconds: wait } : {});
      }
      throw new Rejected(reply.status, path);
    } finally {
      clearTimeout(timer);
    }
  }
}
