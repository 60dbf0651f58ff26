using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;
using Freeway.Gateway.Plans;
using Freeway.Gateway.SignUp;

namespace Freeway.Gateway.Api;

/// <summary>Lists, makes and takes back invitations to sign up, for the operator.</summary>
public sealed class InvitationCommands(
    IDocumentStore documents, DocumentWriter writer, IPlanSource plans, SignedText signed, SignUpOptions options,
    IdSource ids, TimeProvider clock)
{
    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(90);

    public Task<Result<Page<InvitationResponse>>> ListAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(
            documents, SubjectKind.Invitation, null, SignUpDocuments.Invitation, one => one.DeletedAt is null,
            InvitationResponse.Of, cancellation);

    /// <summary>Makes an invitation; the answer has its link, and a repeat under the same key has it again.</summary>
    /// <param name="baseUrl">The address of this Freeway, without a slash at its end.</param>
    public async Task<Result<DocumentResult<InvitationResponse>>> CreateAsync(
        AdminCommand command, string baseUrl, CancellationToken cancellation)
    {
        if (!options.IsOpen())
        {
            return SignUpCommands.Closed();
        }

        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var refusal))
        {
            return refusal;
        }

        var (now, id) = (clock.GetUtcNow(), fields.Id() ?? ids.Next());
        var label = fields.Text("label", AdminFields.LongestName);
        var plan = fields.Text("plan", AdminFields.LongestName);
        var end = fields.Time("expires_at") ?? now + UsualLife;
        fields.Close();
        if (end <= now || end > now + LongestLife)
        {
            fields.Add("expires_at", $"must be in the future, {LongestLife.TotalDays:0} days from now at most");
        }

        if (plan is not null && (await plans.TakePlansAsync(cancellation)).Find(plan) is null)
        {
            fields.Add("plan", "names no plan of the catalogue");
        }

        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        var invitation = new Invitation(id, label ?? id, plan, end) { CreatedAt = now, CreatedBy = command.By.Id };
        var written = await writer.CreateAsync(
            command, "invitation.create", Subject.OfInvitation(id), SignUpDocuments.Draft(null, invitation),
            cancellation);
        if (!written.Accepted(out var made, out refusal))
        {
            return refusal;
        }

        var shown = InvitationResponse.Of(made);
        var token = await signed.WriteAsync(
            SignUpDocuments.InvitationPurpose, shown.Value.Id, shown.Value.ExpiresAt, cancellation);
        return shown with { Value = shown.Value with { Url = $"{baseUrl}/dashboard#/invitation/{token}" } };
    }

    /// <summary>Takes an invitation back: who has the link can no longer accept it.</summary>
    public async Task<Result<DocumentResult<InvitationResponse>>> DeleteAsync(
        AdminCommand command, string id, CancellationToken cancellation)
    {
        var written = await writer.ChangeAsync(command, "invitation.delete", Subject.OfInvitation(id), was =>
        {
            var before = SignUpDocuments.Invitation(was);
            return before.DeletedAt is null
                ? SignUpDocuments.Draft(before, before with { DeletedAt = clock.GetUtcNow() })
                : (Result<DocumentDraft>?)null;
        }, cancellation);
        return written.Accepted(out var gone, out var refusal) ? InvitationResponse.Of(gone) : refusal;
    }
}

/// <summary>An invitation as the operator sees it.</summary>
/// <param name="Plan">The plan that it gives; null for the plan of the settings.</param>
/// <param name="AcceptedBy">The organisation of the person who accepted it; null while nobody has.</param>
/// <param name="DeletedAt">When it was taken back; left out while it is not.</param>
public sealed record InvitationResponse(
    string Id,
    string Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Plan,
    DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AcceptedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? AcceptedAt,
    DateTimeOffset? CreatedAt,
    string? CreatedBy,
    DateTimeOffset? DeletedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "invitation";

    /// <summary>The link to pass on. It is in the answer that makes the invitation, and nowhere else.</summary>
    [SuppressMessage("Design", "CA1056", Justification = "It is written as people pass it on.")]
    public string? Url { get; init; }

    internal static DocumentResult<InvitationResponse> Of(WriteResult written) =>
        new(Of(SignUpDocuments.Invitation(written.Document!)), written.Revision) { IsReplay = written.IsReplay };

    internal static InvitationResponse Of(Invitation invitation) => new(
        invitation.Id, invitation.Label, invitation.Plan, invitation.ExpiresAt, invitation.AcceptedBy,
        invitation.AcceptedAt, invitation.CreatedAt, invitation.CreatedBy, invitation.DeletedAt);
}
