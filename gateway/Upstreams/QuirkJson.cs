using System.Text.Json.Serialization;

namespace Freeway.Gateway.Upstreams;

[JsonSerializable(typeof(string))]
internal sealed partial class QuirkJson : JsonSerializerContext;
