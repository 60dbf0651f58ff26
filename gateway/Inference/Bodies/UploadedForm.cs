namespace Freeway.Gateway.Inference.Bodies;

/// <summary>A form as it was sent.</summary>
/// <param name="ContentType">With its boundary, as written.</param>
/// <param name="Parts">In the order in which they stand.</param>
public sealed record UploadedForm(IUpload Upload, string ContentType, IReadOnlyList<FormPart> Parts);
