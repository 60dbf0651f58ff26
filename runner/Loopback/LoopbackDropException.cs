namespace Freeway.Runner.Loopback;

/// <summary>
/// Thrown when an answer has begun, it makes the server send what was written and close the connection without the
/// end of the body. Aborting instead would lose what is not on the wire yet.
/// </summary>
internal sealed class LoopbackDropException() : Exception("The script says to drop the connection here.");
