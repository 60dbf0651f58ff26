using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

namespace Freeway.Gateway.Core;

/// <summary>Names an enum's member for callers and files where its own name in snake_case is another.</summary>
/// <param name="name">The name that is written.</param>
/// <param name="older">Spellings that are still read; none of them is written.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class WireNameAttribute(string name, params string[] older) : Attribute
{
    /// <summary>The name that is written.</summary>
    public string Name { get; } = name;

    /// <summary>Spellings that are still read.</summary>
    public IReadOnlyList<string> Older { get; } = older;
}

/// <summary>
/// The members of an enum and the names that callers and files have for them. A name is the member's own in snake_case,
/// unless a <see cref="WireNameAttribute"/> beside the member says otherwise, so that no member can be without one.
/// </summary>
public sealed class WireNames<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] T>
    where T : struct, Enum
{
    private readonly FrozenDictionary<T, string> _names;
    private readonly FrozenDictionary<string, T> _members;

    /// <exception cref="ArgumentException">Two members share a name or an older spelling.</exception>
    private WireNames(IReadOnlyList<T> members)
    {
        var declared = members.Select(member => (Member: member, Declared: Declaration(member))).ToList();
        Names = [.. declared.Select(each => each.Declared.Name)];
        _names = declared.ToFrozenDictionary(each => each.Member, each => each.Declared.Name);
        var read = declared.SelectMany(
            each => each.Declared.Older.Append(each.Declared.Name), (each, name) => (each.Member, Name: name));
        _members = read.ToFrozenDictionary(each => each.Name, each => each.Member, StringComparer.Ordinal);
    }

    /// <summary>All members of the enum.</summary>
    internal static WireNames<T> All { get; } = new(Enum.GetValues<T>());

    /// <summary>The names that are written, in the order in which the members are declared.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The name of a member.</summary>
    public string this[T member] => _names[member];

    /// <summary>The member of this name or older spelling, case-sensitive; null where there is none.</summary>
    public T? Find(string name) => _members.TryGetValue(name, out var member) ? member : null;

    /// <summary>Some of the members, for where the others have no meaning.</summary>
    public WireNames<T> Only(params T[] members) => new([.. _names.Keys.Intersect(members).Order()]);

    /// <summary>The members but for some, which have no meaning there.</summary>
    public WireNames<T> Except(params T[] members) => new([.. _names.Keys.Except(members).Order()]);

    /// <summary>The names as messages list them, with commas between.</summary>
    public override string ToString() => string.Join(", ", Names);

    private static WireNameAttribute Declaration(T member)
    {
        var own = member.ToString();
        return typeof(T).GetField(own)?.GetCustomAttribute<WireNameAttribute>()
            ?? new WireNameAttribute(JsonNamingPolicy.SnakeCaseLower.ConvertName(own));
    }
}

/// <summary>The names of an enum's members, and of a single one.</summary>
public static class WireNames
{
    /// <summary>The names of all members of an enum, made once.</summary>
    public static WireNames<T> Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] T>()
        where T : struct, Enum => WireNames<T>.All;

    /// <summary>The name that callers and files have for a member, e.g. <c>rolling_30_days</c>.</summary>
    public static string WireName<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] T>(
        this T member)
        where T : struct, Enum => WireNames<T>.All[member];
}
