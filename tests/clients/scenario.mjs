// Runs one scenario for the process that started us. The arguments are the gateway's base URL, a key, the scenario's name
// and its settings as JSON; the only line of output is what the scenario saw.
const [baseURL, apiKey, name, settings = "{}"] = process.argv.slice(2);

export async function run(scenarios) {
  const seen = { requests: 0 };
  const counted = (...request) => {
    seen.requests++;
    return fetch(...request);
  };
  try {
    const { headers: defaultHeaders, ...rest } = JSON.parse(settings);
    await scenarios[name]({ baseURL, apiKey, fetch: counted, defaultHeaders }, rest, seen);
  } catch (error) {
    seen.error = error;
  }
  process.stdout.write(JSON.stringify(seen, (_, value) => (value instanceof Error ? described(value) : value)) + "\n");
}

// A client's error is told by its class, message and fields; what it carries of the request and the answer stays out.
function described({ constructor, message, status, statusCode, code, type, param, requestID, error, data, headers }) {
  return {
    class: constructor.name, message, status: status ?? statusCode, code, type, param, requestID,
    body: error ?? data?.error, retryAfter: headers?.get?.("retry-after"),
  };
}
