namespace Freeway.FrontDoor.Tests.Clients.Matrix;

/// <summary>What a program can read from the error that a client throws.</summary>
/// <param name="Class">The error's type.</param>
/// <param name="Code">Where in the error the gateway's code is, e.g. <c>error.code</c>; null where it is nowhere.</param>
/// <param name="ResetAt">Where the time is at which the quota is whole again.</param>
public sealed record MatrixError(string Class, int? Status, string? Code, string? ResetAt, string Message);
