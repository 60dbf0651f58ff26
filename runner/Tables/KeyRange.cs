namespace Freeway.EmbeddedTables;

/// <summary>
/// Says in which range of keys the entities of a query lie, and what of its filter the range does not say.
/// </summary>
/// <param name="Partition">The one partition; null where the query spans several.</param>
/// <param name="From">The first row of that partition, or the first partition.</param>
/// <param name="Until">The end of the rows, or of the partitions; not in the range itself.</param>
/// <param name="Rest">What remains to be checked on each entity; null for nothing.</param>
internal sealed record KeyRange(byte[]? Partition, byte[] From, byte[] Until, Filter? Rest)
{
    public static KeyRange Of(Filter? filter)
    {
        var conditions = filter?.Conjuncts.ToList() ?? [];
        var partitions = Take(conditions, nameof(Azure.Data.Tables.ITableEntity.PartitionKey));
        if (partitions.Equal is not { } partition)
        {
            return new KeyRange(null, partitions.From, partitions.Until, Join(conditions));
        }

        var rows = Take(conditions, nameof(Azure.Data.Tables.ITableEntity.RowKey));
        return new KeyRange(partition, rows.From, rows.Until, Join(conditions));
    }

    /// <summary>Turns the conditions on one key into a half-open range, and takes them from the list.</summary>
    private static (byte[] From, byte[] Until, byte[]? Equal) Take(List<Filter> conditions, string key)
    {
        var (from, until, equal) = (KeyBytes.First, KeyBytes.End, (byte[]?)null);
        conditions.RemoveAll(condition =>
        {
            if (condition is not Filter.Comparison { Value: string text } comparison
                || comparison.Property != key || comparison.Operator is "ne")
            {
                return false;
            }

            var bytes = KeyBytes.Encode(text);
            equal = comparison.Operator is "eq" ? bytes : equal;
            if (comparison.Operator is "eq" or "ge" or "gt")
            {
                from = Later(from, comparison.Operator is "gt" ? KeyBytes.After(bytes) : bytes);
            }

            if (comparison.Operator is "eq" or "le" or "lt")
            {
                until = Earlier(until, comparison.Operator is "lt" ? bytes : KeyBytes.After(bytes));
            }

            return true;
        });
        // Two conditions that exclude each other leave an empty range, which no equality may hide.
        var isOne = equal is not null
            && from.AsSpan().SequenceEqual(equal) && until.AsSpan().SequenceEqual(KeyBytes.After(equal));
        return (from, until, isOne ? equal : null);
    }

    private static Filter? Join(List<Filter> conditions) =>
        conditions.Count is 0 ? null : conditions.Aggregate((left, right) => new Filter.And(left, right));

    private static byte[] Later(byte[] one, byte[] other) => one.AsSpan().SequenceCompareTo(other) >= 0 ? one : other;

    private static byte[] Earlier(byte[] one, byte[] other) => one.AsSpan().SequenceCompareTo(other) <= 0 ? one : other;
}
