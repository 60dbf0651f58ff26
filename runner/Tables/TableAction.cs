using System.Text;
using Azure;
using Azure.Data.Tables;

namespace Freeway.EmbeddedTables;

/// <summary>One change of one entity, copied from what the caller gave so that it may run later, or twice.</summary>
internal sealed class TableAction
{
    private TableAction(TableTransactionActionType kind, string partition, string row)
    {
        Kind = kind;
        (PartitionKey, RowKey) = (partition, row);
    }

    public TableTransactionActionType Kind { get; }

    public string PartitionKey { get; }

    public string RowKey { get; }

    public byte[] Partition { get; private init; } = [];

    public byte[] Row { get; private init; } = [];

    /// <summary>The properties in the file's form; empty for a deletion.</summary>
    public byte[] Properties { get; private init; } = [];

    /// <summary>The version that must be stored, or <see cref="VersionTag.Any"/>.</summary>
    public long IfMatch { get; private init; } = VersionTag.Any;

    /// <summary>
    /// Gets the error with which the service would refuse the action whatever is stored; null where it depends on that.
    /// </summary>
    public TableError? Refused { get; private init; }

    /// <summary>About what the action takes of a transaction's body, its headers included.</summary>
    public int BodyBytes => 400 + (2 * (Partition.Length + Row.Length)) + Properties.Length;

    /// <exception cref="NotSupportedException">
    /// The entity is of a class of its own, or holds a value of an unknown type.
    /// </exception>
    public static TableAction Of(TableTransactionActionType kind, ITableEntity entity, ETag ifMatch)
    {
        var properties = entity as TableEntity
            ?? throw new NotSupportedException($"Embedded tables hold TableEntity, not {entity.GetType()}.");
        ArgumentNullException.ThrowIfNull(entity.PartitionKey);
        ArgumentNullException.ThrowIfNull(entity.RowKey);
        var (partition, row) = (entity.PartitionKey, entity.RowKey);
        var version = VersionTag.Any;
        var refused = EntityLimits.CheckKeys(partition, row);
        if (refused is null && IsConditional(kind) && !VersionTag.TryRead(ifMatch, out version))
        {
            refused = TableError.InvalidInput("The ETag is none of this service.");
        }

        byte[] stored = [];
        if (refused is null && kind is not TableTransactionActionType.Delete)
        {
            stored = EntityJson.Write(partition, row, properties!, out refused);
        }

        return new TableAction(kind, partition, row)
        {
            Partition = KeyBytes.Encode(partition),
            Row = KeyBytes.Encode(row),
            Properties = stored,
            IfMatch = version,
            Refused = refused,
        };
    }

    /// <summary>The action in about the form of a part of the service's batch.</summary>
    public string Text(Uri table) =>
        $"{Method} {table}(PartitionKey='{PartitionKey}',RowKey='{RowKey}') HTTP/1.1\r\n\r\n"
        + $"{Encoding.UTF8.GetString(Properties)}\r\n";

    private string Method => Kind switch
    {
        TableTransactionActionType.Add => "POST",
        TableTransactionActionType.Delete => "DELETE",
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => "PATCH",
        _ => "PUT",
    };

    private static bool IsConditional(TableTransactionActionType kind) =>
        kind is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace
            or TableTransactionActionType.Delete;
}
