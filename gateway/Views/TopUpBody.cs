using System.Text.Json;

namespace Freeway.Gateway.Views;

/// <summary>Fields of any kind, to say which of them is wrong.</summary>
internal sealed record TopUpBody(JsonElement? Org, JsonElement? Usd);
