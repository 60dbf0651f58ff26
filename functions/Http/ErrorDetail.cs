namespace Freeway.Functions.Http;

/// <summary>What an error says.</summary>
internal sealed record ErrorDetail(string Code, string Message, string Type) : RefusalFacts;
