namespace Freeway.Gateway.Inference.Bodies;

/// <summary>One part of a form, and where in the upload its content stands.</summary>
/// <param name="FileName">Null where the part is no file.</param>
public sealed record FormPart(string Name, string? FileName, long At, long Length);
