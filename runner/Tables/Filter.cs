using Azure.Data.Tables;

namespace Freeway.EmbeddedTables;

/// <summary>A condition on entities, as <see cref="FilterReader"/> reads it.</summary>
internal abstract record Filter
{
    public abstract bool Matches(TableEntity entity);

    /// <summary>The conditions that must all hold.</summary>
    public virtual IEnumerable<Filter> Conjuncts => [this];

    /// <summary>Represents the condition that two others both hold.</summary>
    public sealed record And(Filter Left, Filter Right) : Filter
    {
        public override IEnumerable<Filter> Conjuncts => Left.Conjuncts.Concat(Right.Conjuncts);

        public override bool Matches(TableEntity entity) => Left.Matches(entity) && Right.Matches(entity);
    }

    /// <summary>Represents the condition that one of two others holds.</summary>
    public sealed record Or(Filter Left, Filter Right) : Filter
    {
        public override bool Matches(TableEntity entity) => Left.Matches(entity) || Right.Matches(entity);
    }

    /// <summary>Represents the condition that another does not hold.</summary>
    public sealed record Not(Filter Condition) : Filter
    {
        public override bool Matches(TableEntity entity) => !Condition.Matches(entity);
    }

    /// <summary>
    /// A property compared with a value; false where the entity lacks the property or holds another type.
    /// </summary>
    public sealed record Comparison(string Property, string Operator, object Value) : Filter
    {
        public override bool Matches(TableEntity entity) =>
            entity.TryGetValue(Property, out var held) && held is not null
            && Compare(held, Value) is { } order && Operator switch
            {
                "eq" => order is 0,
                "ne" => order is not 0,
                "gt" => order > 0,
                "ge" => order >= 0,
                "lt" => order < 0,
                _ => order <= 0,
            };

        private static int? Compare(object held, object value) => (held, value) switch
        {
            (string left, string right) => string.CompareOrdinal(left, right),
            (bool left, bool right) => left.CompareTo(right),
            (DateTimeOffset left, DateTimeOffset right) => left.CompareTo(right),
            (Guid left, Guid right) => left.CompareTo(right),
            (byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right),
            (int or long, int or long) => ToInt64(held).CompareTo(ToInt64(value)),
            (int or long or double, int or long or double) => ToDouble(held).CompareTo(ToDouble(value)),
            _ => null,
        };

        private static long ToInt64(object number) => number is int small ? small : (long)number;

        private static double ToDouble(object number) => number is double real ? real : ToInt64(number);
    }
}
