namespace Freeway.Feed.Tests.Refit;

public sealed record Model(string Id, int ContextLength);
