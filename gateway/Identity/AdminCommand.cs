namespace Freeway.Gateway.Identity;

/// <summary>A change that an operator asks for.</summary>
/// <param name="By">Who asks.</param>
/// <param name="Body">The request's body as it came; empty where there is none.</param>
/// <param name="Expected">What the document must be, as <c>If-Match</c> says.</param>
/// <param name="IdempotencyKey">1 to 200 characters, or null.</param>
public sealed record AdminCommand(Operator By, ReadOnlyMemory<byte> Body, Precondition Expected, string? IdempotencyKey)
{
    /// <summary>
    /// Gets the command by which Freeway itself makes a change, e.g. a machine's first key: without body and condition.
    /// </summary>
    public static AdminCommand OfFreeway { get; } = new(Operator.Freeway, ReadOnlyMemory<byte>.Empty, Precondition.Anything, null);
}

/// <summary>
/// Represents the condition of an <c>If-Match</c> header: a change is made only while the document has one of the
/// revisions.
/// </summary>
/// <param name="Revisions">One of which it must have; null for any.</param>
public readonly record struct Precondition(IReadOnlyList<string>? Revisions)
{
    /// <summary>Gets the condition that every document meets, also one that does not exist.</summary>
    public static Precondition Anything => default;

    public bool Admits(string revision) => Revisions?.Contains(revision) is not false;
}

/// <summary>Represents the result of a command that has nothing more to tell than that it was carried out.</summary>
/// <param name="IsReplay">True where nothing was done because the same command was carried out before.</param>
public sealed record CommandResult(bool IsReplay = false);

/// <summary>A document as callers see it, with what they need to change it.</summary>
/// <param name="Revision">For <c>ETag</c>; null where the answer is no document's.</param>
public sealed record DocumentResult<T>(T Value, string? Revision)
{
    /// <summary>
    /// Gets whether nothing was done now because the command was carried out before under its <c>Idempotency-Key</c>.
    /// </summary>
    public bool IsReplay { get; init; }
}
