namespace Freeway.Gateway.Models;

/// <summary>The member without which a request asks for nothing.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Wanted">What it must be, as callers are told: "'input' must be …".</param>
public sealed record RequestContent(string Name, ContentForms Forms, string Wanted);
