namespace Freeway.Functions.Http.Responses;

/// <summary>
/// Ends a function whose response broke off after it had begun. The server then cuts the connection, so that no caller
/// takes what it has for the whole. The server logs it in one line: where it was thrown says nothing, so it has no
/// stack.
/// </summary>
public sealed class BrokenResponseException(string request) : Exception(
    $"The source of the response to request {request} broke off in the middle of it, so the connection is broken too.")
{
    public override string? StackTrace => null;

    public override string ToString() => Message;
}
