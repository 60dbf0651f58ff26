using System.Text;
using Freeway.Gateway.Catalogue.Format;

namespace Freeway.Tests.Simulation.World;

/// <summary>The catalogue of all runs: small limits of every kind, so that few requests meet them.</summary>
internal static class SimCatalogue
{
    /// <summary>The limit that gives, by plan and name.</summary>
    public const string GiftSource = "standard.gift";

    /// <summary>What it gives an hour, in tokens: less than three requests hold that declare no ceiling.</summary>
    public const long GiftAmount = 300;

    /// <summary>The limit that each end user has for itself, by plan and name.</summary>
    public const string EndUserSource = "app.each";

    /// <summary>What it allows in a day.</summary>
    public const long EndUserAmount = 3;

    /// <summary>So many end users are named: more than may be new in a day.</summary>
    private const int EndUsers = 9;

    /// <param name="free">Whether <c>sim/free:free</c> is enabled; catalogue changes switch it.</param>
    public static CatalogueSnapshot Read(bool free)
    {
        var reader = new CatalogueReader(_ => null);
        return reader.Read(Encoding.UTF8.GetBytes(Text.Replace("\"FREE\"", free ? "true" : "false", StringComparison.Ordinal)))
            ?? throw new InvalidOperationException(string.Join("; ", reader.Errors));
    }

    /// <summary>A request's body.</summary>
    public static string Request(Random chance)
    {
        string[] slugs = ["sim/free:free", "sim/free:free", "sim/free:free", "sim/tokens:free", "sim/gift", "sim/gift", "sim/pro", "sim/one:free", "sim/app:free", "sim/app:free"];
        var slug = slugs[chance.Next(slugs.Length)];
        var others = slug == "sim/free:free" && chance.Next(4) is 0 ? ",\"models\":[\"sim/tokens:free\"]" : "";
        var ceiling = chance.Next(3) is 0 ? "" : $",\"max_tokens\":{chance.Next(1, 40)}";
        var stream = chance.Next(2) is 0 ? ",\"stream\":true" : "";
        // Now and then nobody is named, which the plan of the app refuses.
        var user = slug == "sim/app:free" && chance.Next(12) > 0 ? $",\"user\":\"user-{chance.Next(EndUsers)}\"" : "";
        return $$"""{"model":"{{slug}}"{{others}},"messages":[{"role":"user","content":"hello"}]{{ceiling}}{{stream}}{{user}}}""";
    }

    private const string Text = """
        {
          "version": 1,
          "upstreams": {
            "east": {
              "base_url": "http://127.0.0.1:7072/v1",
              "limits": [
                { "name": "per-minute", "unit": "requests", "amount": 40, "window": "minute", "scope": "upstream" },
                { "name": "tokens", "unit": "tokens", "amount": 60000, "window": "day", "scope": "upstream" }
              ]
            },
            "west": { "base_url": "http://127.0.0.1:7073/v1" },
            "north": {
              "base_url": "http://127.0.0.1:7074/v1",
              "limits": [ { "name": "at-once", "unit": "concurrent_requests", "amount": 3, "scope": "upstream" } ]
            }
          },
          "default_plan": "standard",
          "plans": {
            "free": {
              "limits": [
                { "name": "daily", "unit": "requests", "amount": 10, "window": "day", "scope": "org_model" },
                { "name": "per-minute", "unit": "requests", "amount": 6, "window": "minute", "scope": "org" }
              ]
            },
            "tokens": {
              "limits": [ { "name": "daily", "unit": "tokens", "amount": 3000, "window": "day", "scope": "org" } ]
            },
            "one": {
              "limits": [
                { "name": "one-at-a-time", "unit": "concurrent_requests", "amount": 1, "scope": "org" },
                { "name": "hourly", "unit": "requests", "amount": 30, "window": "hour", "scope": "org" },
                { "name": "weekly", "unit": "requests", "amount": 40, "window": "week", "time_zone": "America/Los_Angeles", "scope": "org" }
              ]
            },
            "app": {
              "limits": [
                { "name": "each", "unit": "requests", "amount": 3, "window": "day", "scope": "end-user" },
                { "name": "each-at-once", "unit": "concurrent_requests", "amount": 1, "scope": "end-user+model" },
                { "name": "together", "unit": "requests", "amount": 16, "window": "hour", "scope": "org" }
              ]
            },
            "standard": {
              "billing": "prepaid",
              "limits": [
                { "name": "gift", "unit": "tokens", "amount": 300, "window": "hour", "scope": "org_model", "models": ["sim/gift"], "overflow": ["bill"] }
              ],
              "caps": [ { "output_tokens": 100 } ]
            }
          },
          "models": [
            {
              "id": "sim/free", "name": "Free", "context_length": 1000, "usd_per_million_tokens": { "input": 0.1, "output": 0.4 },
              "free": { "enabled": "FREE", "plan": "free" },
              "routes": [ { "upstream": "east", "model": "x" }, { "upstream": "west", "model": "x" } ]
            },
            {
              "id": "sim/tokens", "name": "Tokens", "context_length": 1000, "usd_per_million_tokens": { "input": 0.1, "output": 0.4 },
              "free": { "enabled": true, "plan": "tokens" }, "routes": [ { "upstream": "north", "model": "x" }, { "upstream": "west", "model": "x" }, { "upstream": "east", "model": "x" } ]
            },
            {
              "id": "sim/one", "name": "One", "context_length": 1000, "usd_per_million_tokens": { "input": 0.1, "output": 0.4 },
              "free": { "enabled": true, "plan": "one" }, "routes": [ { "upstream": "west", "model": "x" } ]
            },
            {
              "id": "sim/app", "name": "App", "context_length": 1000, "usd_per_million_tokens": { "input": 0.1, "output": 0.4 },
              "free": { "enabled": true, "plan": "app" }, "routes": [ { "upstream": "west", "model": "x" } ]
            },
            {
              "id": "sim/gift", "name": "Gift", "context_length": 1000, "usd_per_million_tokens": { "input": 7, "output": 13 },
              "free": { "enabled": false, "plan": null }, "routes": [ { "upstream": "north", "model": "x" }, { "upstream": "west", "model": "x" } ]
            },
            {
              "id": "sim/pro", "name": "Pro", "context_length": 1000, "usd_per_million_tokens": { "input": 3, "output": 11 },
              "free": { "enabled": false, "plan": null }, "routes": [ { "upstream": "west", "model": "x" } ]
            }
          ]
        }
        """;
}
