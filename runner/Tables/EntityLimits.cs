using System.Buffers;
using System.Text.RegularExpressions;
using Azure.Data.Tables;

namespace Freeway.EmbeddedTables;

/// <summary>Checks names, keys and entities against the bounds of the service.</summary>
internal static partial class EntityLimits
{
    /// <summary>Actions in one transaction.</summary>
    public const int MostActions = 100;

    /// <summary>Bytes of a transaction's body.</summary>
    public const int MostBodyBytes = 4 * 1024 * 1024;

    /// <summary>Entities in one page of a query.</summary>
    public const int MostInPage = 1000;

    private const int MostEntityBytes = 1024 * 1024;
    private const int MostValueBytes = 64 * 1024;
    private const int MostProperties = 252;
    private const int MostNameLength = 255;

    /// <summary>The characters of which most names of properties are made.</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>UTF-16 code units: 1 KiB.</summary>
    private const int MostKeyLength = 512;

    /// <summary>
    /// Tells whether a property is one that every entity has, which is kept apart from the entity's own.
    /// </summary>
    public static bool IsSystem(string name) =>
        name is nameof(ITableEntity.PartitionKey) or nameof(ITableEntity.RowKey) or nameof(ITableEntity.Timestamp)
        || name.StartsWith("odata.", StringComparison.Ordinal);

    /// <returns>Null where the service would take a table of this name.</returns>
    public static TableError? CheckTable(string name)
    {
        if (name.Length is < 3 or > 63)
        {
            return TableError.TableNameOutOfRange;
        }

        return TableName().IsMatch(name) ? null : TableError.TableNameInvalid;
    }

    /// <returns>Null where the service would take both keys.</returns>
    public static TableError? CheckKeys(string partition, string row) => CheckKey(partition) ?? CheckKey(row);

    private static TableError? CheckSize(int bytes) => bytes > MostValueBytes ? TableError.PropertyValueTooLarge : null;

    /// <returns>Null where the service would take a property of this name.</returns>
    public static TableError? CheckName(string name)
    {
        if (name.Length > MostNameLength)
        {
            return TableError.PropertyNameTooLong;
        }

        return IsName(name) ? null : TableError.PropertyNameInvalid;
    }

    private static int Size(object value) => value switch
    {
        string text => 2 * text.Length,
        byte[] data => data.Length,
        BinaryData data => data.ToMemory().Length,
        bool => 1,
        int => 4,
        Guid => 16,
        _ => 8,
    };

    private static TableError? CheckKey(string key)
    {
        if (key.Length > MostKeyLength)
        {
            return TableError.KeyTooLarge;
        }

        foreach (var unit in key)
        {
            if (unit is '/' or '\\' or '#' or '?' || char.IsControl(unit))
            {
                return TableError.KeyOutOfRange;
            }
        }

        return null;
    }

    private static bool IsName(string name)
    {
        if (name.Length is 0 || char.IsDigit(name[0]))
        {
            return false;
        }

        if (!name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return true;
        }

        foreach (var unit in name)
        {
            if (!char.IsLetterOrDigit(unit) && unit is not '_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds up what an entity takes, property by property.</summary>
    internal struct Tally(string partition, string row)
    {
        private int _count;
        private int _bytes = 4 + (2 * (partition.Length + row.Length));

        /// <returns>Null where the service would take a value of this size.</returns>
        public TableError? Add(string name, object value)
        {
            var size = Size(value);
            _count++;
            _bytes += 8 + (2 * name.Length) + size;
            return CheckSize(size);
        }

        /// <returns>Null where the service would take all that was added as one entity.</returns>
        public readonly TableError? Check() => _count > MostProperties ? TableError.TooManyProperties
            : _bytes > MostEntityBytes ? TableError.EntityTooLarge
            : null;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*$")]
    private static partial Regex TableName();
}
