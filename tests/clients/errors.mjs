// What a program can read from a client's error: its class and status, and where in it our code and the time to come back are.
export function described(error, code) {
  const places = [...walk(error)];
  return {
    class: error?.constructor === Object ? "object" : (error?.constructor?.name ?? typeof error),
    status: places.find(([path, value]) => /(^|\.)status(Code)?$/.test(path) && Number.isInteger(value))?.[1] ?? null,
    code: code ? (places.find(([path, value]) => path.endsWith("code") && value === code) ?? places.find(([, value]) => names(value, code)))?.[0] ?? null : null,
    resetAt: (places.find(([path]) => path.endsWith("reset_at")) ?? places.find(([, value]) => told(value)))?.[0] ?? null,
    message: String(error?.message ?? error),
  };
}

const names = (value, code) => typeof value === "string" && value.includes(`"code":"${code}"`);

const told = (value) => typeof value === "string" && value.includes('"reset_at":');

// Every value in an error, nearest first. What it keeps of the request is none of its words.
function* walk(error, deepest = 4) {
  let level = [["", error]];
  const met = new Set();
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next = [];
    for (const [path, from] of level) {
      if (from === null || typeof from !== "object" || met.has(from)) continue;
      met.add(from);
      for (const name of Object.getOwnPropertyNames(from)) {
        if (/^(request|requestBodyValues|stack|_.*)$/.test(name)) continue;
        const place = [path ? `${path}.${name}` : name, from[name]];
        yield place;
        next.push(place);
      }
    }
    level = next;
  }
}
