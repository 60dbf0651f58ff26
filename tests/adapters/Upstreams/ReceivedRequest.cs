namespace Freeway.Adapters.Tests.Upstreams;

internal sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
