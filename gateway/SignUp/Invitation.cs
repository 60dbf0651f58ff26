using System.Text.Json;
using System.Text.Json.Serialization;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.SignUp;

/// <summary>An invitation to sign up, which one person can accept once.</summary>
/// <param name="Plan">The plan that it gives; null for the plan of the settings.</param>
/// <param name="ExpiresAt">From then on nobody can accept it.</param>
public sealed record Invitation(string Id, string Label, string? Plan, DateTimeOffset ExpiresAt)
{
    /// <summary>The organisation of the person who accepted it; null while nobody has.</summary>
    public string? AcceptedBy { get; init; }

    public DateTimeOffset? AcceptedAt { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The id of the management key that made it.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The time at which it was taken back; null while it is not.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>Invitations and the lists of each day's sign-ups as documents, and as the audit shows them.</summary>
public static class SignUpDocuments
{
    /// <summary>Names the purpose for which an invitation's text is signed, so that it opens nothing else.</summary>
    public const string InvitationPurpose = "invitation";

    public static Invitation Invitation(Document document) =>
        JsonSerializer.Deserialize(document.Json, SignUpJson.Default.Invitation)!;

    /// <param name="was">Null where there was none.</param>
    public static DocumentDraft Draft(Invitation? was, Invitation invitation)
    {
        var json = Json(invitation);
        return new DocumentDraft(json, was is null ? null : Json(was), json);
    }

    internal static SignUpDay Day(Document? document) =>
        document is null ? new([]) : JsonSerializer.Deserialize(document.Json, SignUpJson.Default.SignUpDay)!;

    /// <summary>Drafts a day with one person more; the audit shows that person alone.</summary>
    internal static DocumentDraft Draft(SignUpDay day, string org, string address)
    {
        var all = new SignUpDay(new(day.People) { [org] = address });
        var added = new SignUpDay(new() { [org] = address });
        return new DocumentDraft(Json(all), null, Json(added));
    }

    internal static string Json(SignInAttempt attempt) =>
        JsonSerializer.Serialize(attempt, SignUpJson.Default.SignInAttempt);

    internal static SignInAttempt Attempt(string json) =>
        JsonSerializer.Deserialize(json, SignUpJson.Default.SignInAttempt)!;

    private static string Json(SignUpDay day) => JsonSerializer.Serialize(day, SignUpJson.Default.SignUpDay);

    private static string Json(Invitation invitation) =>
        JsonSerializer.Serialize(invitation, SignUpJson.Default.Invitation);
}

/// <summary>The people who signed up on one UTC day without an invitation.</summary>
/// <param name="People">The hash of the address that each came from, by the id of the organisation.</param>
internal sealed record SignUpDay(Dictionary<string, string> People);

/// <summary>The JSON in which invitations, sign-ups and sign-ins are kept.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Invitation))]
[JsonSerializable(typeof(SignUpDay))]
[JsonSerializable(typeof(SignInAttempt))]
internal sealed partial class SignUpJson : JsonSerializerContext;
