namespace Freeway.Functions.Http.Responses;

/// <summary>
/// Ends a function whose response broke off after it had begun. The server then cuts the connection, so that no caller
/// takes what it has for the whole.
/// </summary>
public sealed class BrokenResponseException()
    : Exception("The source of the response broke off in the middle of it, so the connection is broken too.");
