using System.Globalization;
using System.Text.Json;
using Freeway.Gateway.ActivityLog;
using Freeway.Gateway.Audit;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Views;

/// <summary>The activity messages that were put aside, and a way to send them again.</summary>
public sealed class DeadLettersView(IDeadLetters letters, Filing filing)
{
    private const int Most = 1000;
    private const int LongestId = 128;
    private static readonly Subject Books = new(SubjectKind.Books, "dead-letters");
    private static readonly TimeSpan RetryAfterOutage = TimeSpan.FromSeconds(5);

    /// <param name="field">The value of <c>limit</c> or <c>cursor</c>; null or empty where it is not given.</param>
    public async Task<Decision<Page<DeadLetterCard>>> ListAsync(Func<string, string?> field, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (!Number(field("limit"), 100, out var limit) || limit is < 1 or > Most)
        {
            return Refuse.InvalidField("limit", $"'limit' must be a whole number from 1 to {Most}.");
        }

        if (!Number(field("cursor"), 0, out var from))
        {
            return Refuse.InvalidField("cursor", "'cursor' is not one that this gateway gave out. Leave it out to start at the oldest.");
        }

        try
        {
            var found = await letters.PeekAsync(from, (int)limit + 1, cancellation);
            return new Page<DeadLetterCard>(
                [.. found.Take((int)limit).Select(DeadLetterCard.Of)],
                found.Count > limit ? found[(int)limit].Sequence.ToString(CultureInfo.InvariantCulture) : null);
        }
        catch (IOException)
        {
            return Refuse.StorageUnavailable(RetryAfterOutage);
        }
    }

    /// <summary>
    /// <c>{"all": true}</c> or <c>{"id": "…"}</c>. It is noted who asked before anything is sent. To ask twice does no harm: what
    /// was sent is no longer there, and a record is written once.
    /// </summary>
    public async Task<Decision<Revised<DeadLetterReplayCard>>> ReplayAsync(Command command, CancellationToken cancellation)
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

        if (!(await filing.NoteAsync(command, "books.replay", Books, null, Asked(id), cancellation)).Accepted(out var filed, out var refusal))
        {
            return refusal;
        }

        try
        {
            var replayed = await letters.ReplayAsync(id, cancellation);
            if (replayed is 0 && id is not null && !filed.IsReplay)
            {
                return Refuse.NotFound("dead letter of this id");
            }

            var left = await letters.PeekAsync(0, Most, cancellation);
            return new Revised<DeadLetterReplayCard>(new DeadLetterReplayCard(replayed, left.Count), null) { IsReplay = filed.IsReplay && replayed is 0 };
        }
        catch (IOException)
        {
            return Refuse.StorageUnavailable(RetryAfterOutage);
        }
    }

    private static string Asked(string? id) => id is null ? """{"all":true}""" : $"{{\"id\":{JsonSerializer.Serialize(id, ViewsJson.Default.String)}}}";

    private static bool Number(string? text, long otherwise, out long number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(text) || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
