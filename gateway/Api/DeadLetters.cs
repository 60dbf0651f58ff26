using System.Globalization;
using System.Text.Json;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Core;
using Freeway.Gateway.Identity;

namespace Freeway.Gateway.Api;

/// <summary>Lists the activity messages that the queue has put aside, oldest first.</summary>
public sealed class DeadLetterQueries(IDeadLetters letters)
{
    private const int Most = 1000;

    /// <param name="field">The value of <c>limit</c> or <c>cursor</c>; null or empty where it is not given.</param>
    public async Task<Result<Page<DeadLetterResponse>>> ListAsync(
        Func<string, string?> field, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (!Number(field("limit"), 100, out var limit) || limit is < 1 or > Most)
        {
            return Refuse.InvalidField("limit", $"'limit' must be a whole number from 1 to {Most}.");
        }

        if (!Number(field("cursor"), 0, out var from))
        {
            return Refuse.InvalidField(
                "cursor", "'cursor' is not one that this gateway gave out. Leave it out to start at the oldest.");
        }

        try
        {
            var found = await letters.PeekAsync(from, (int)limit + 1, cancellation);
            return new Page<DeadLetterResponse>(
                [.. found.Take((int)limit).Select(DeadLetterResponse.Of)],
                found.Count > limit ? found[(int)limit].Sequence.ToString(CultureInfo.InvariantCulture) : null);
        }
        catch (IOException)
        {
            return Refuse.StorageUnavailable();
        }
    }

    private static bool Number(string? text, long otherwise, out long number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(text) || long.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>Sends the activity messages that the queue has put aside into the queue again.</summary>
public sealed class DeadLetterCommands(IDeadLetters letters, DocumentWriter writer)
{
    /// <summary>The largest number of dead letters that is counted after a replay.</summary>
    private const int MostCounted = 1000;
    private const int LongestId = 128;
    private static readonly Subject Audited = new(SubjectKind.Books, "dead-letters");

    /// <summary>
    /// <c>{"all": true}</c> or <c>{"id": "…"}</c>. It is noted who asked before anything is sent. To ask twice does no
    /// harm: what was sent is no longer there, and a record is written once.
    /// </summary>
    public async Task<Result<DocumentResult<DeadLetterReplayResponse>>> ReplayAsync(
        AdminCommand command, CancellationToken cancellation)
    {
        if (!FieldReader.Open(command.Body).Accepted(out var fields, out var broken))
        {
            return broken;
        }

        var (id, all) = (fields.Text("id", LongestId), fields.Flag("all"));
        if (fields.Errors.Count is 0 && (all is true) == (id is not null))
        {
            fields.Add("id", "must be given, or else 'all' as true");
        }

        fields.Close();
        if (fields.Errors.Count > 0)
        {
            return Refuse.InvalidFields(fields.Errors);
        }

        if (!(await writer.NoteAsync(command, "books.replay", Audited, null, Asked(id), cancellation)).Accepted(
            out var written, out var refusal))
        {
            return refusal;
        }

        try
        {
            var replayed = await letters.ReplayAsync(id, cancellation);
            if (replayed is 0 && id is not null && !written.IsReplay)
            {
                return Refuse.NotFound("dead letter of this id");
            }

            var left = await letters.PeekAsync(0, MostCounted, cancellation);
            return new DocumentResult<DeadLetterReplayResponse>(new DeadLetterReplayResponse(replayed, left.Count), null) { IsReplay = written.IsReplay && replayed is 0 };
        }
        catch (IOException)
        {
            return Refuse.StorageUnavailable();
        }
    }

    private static string Asked(string? id) => id is null ? """{"all":true}""" : $"{{\"id\":{JsonSerializer.Serialize(id, RequestJson.Default.String)}}}";
}

/// <summary>A message that the broker has put aside. Its content is not shown.</summary>
/// <param name="Id">The request's id, unless the message is not ours.</param>
/// <param name="Reason">A name, e.g. <c>UnreadableRecord</c>.</param>
/// <param name="EnqueuedAt">When it came into the queue.</param>
public sealed record DeadLetterResponse(
    string Id, string? Reason, string? Description, DateTimeOffset EnqueuedAt, int Deliveries)
{
    public static DeadLetterResponse Of(DeadLetter letter) => new(
        letter.Id, letter.Reason, letter.Description, letter.EnqueuedAt, letter.Deliveries);
}

/// <summary>Counts the dead letters that were sent again, and those that are left.</summary>
/// <param name="Replayed">How many the broker has taken into the queue again.</param>
/// <param name="Left">How many are put aside now, 1000 at most: also those that came back meanwhile.</param>
public sealed record DeadLetterReplayResponse(int Replayed, int Left);
