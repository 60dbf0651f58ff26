using System.Text.Json.Nodes;
using Freeway.Gateway.Models;

namespace Freeway.Gateway.Administration;

/// <summary>A top-up as the audit shows it.</summary>
internal static class CreditsNote
{
    public static string Of(string id, long nanos) => new JsonObject { ["purchase"] = id, ["usd"] = Money.Format(nanos) }.ToJsonString();
}
