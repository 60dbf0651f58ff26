using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Catalogue.Format;
using Freeway.Gateway.Catalogue.Versions;

namespace Freeway.Adapters.Catalogue;

/// <summary>
/// Table <c>catalogue</c>. A content is named by the SHA-256 of its packed bytes: whoever stores the same writes the
/// same rows, and programs that pack differently do not meet.
/// </summary>
public sealed class TableCatalogueArchive(StorageAccount storage) : ICatalogueArchive
{
    /// <summary>The number of rows in one transaction, for which the service takes 4 MiB at most.</summary>
    private const int RowsAtOnce = 3;

    public async Task<string> StoreAsync(CatalogueBundle content, CancellationToken cancellation)
    {
        var packed = Pack(content.Bytes);
        var stored = Convert.ToHexStringLower(SHA256.HashData(packed));
        await StorageFault.GuardAsync("store a catalogue", async () =>
        {
            var table = await TableAsync(cancellation);
            foreach (var rows in CatalogueRows.OfContent(stored, packed).Chunk(RowsAtOnce))
            {
                await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), cancellation);
            }

            return true;
        }, cancellation);
        return stored;
    }

    public Task<CatalogueBundle?> ReadAsync(string stored, CancellationToken cancellation) => StorageFault.GuardAsync("read a catalogue", async () =>
    {
        var table = await TableAsync(cancellation);
        var rows = await table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {CatalogueRows.ContentPartition(stored)}"), cancellationToken: cancellation).ToListAsync(cancellation);
        return CatalogueRows.Packed(rows) is { } packed && Convert.ToHexStringLower(SHA256.HashData(packed)) == stored ? Unpack(packed) : null;
    }, cancellation);

    public Task EnterAsync(CatalogueVersion version, CancellationToken cancellation) => StorageFault.GuardAsync("enter a version", async () =>
    {
        var table = await TableAsync(cancellation);
        return await table.SubmitTransactionAsync(
            new[] { CatalogueRows.VersionKey(version.Number), CatalogueRows.HashKey(version.Hash) }
                .Select(key => new TableTransactionAction(TableTransactionActionType.UpsertReplace, CatalogueRows.Of(version, key))), cancellation);
    }, cancellation);

    public Task<CatalogueVersion?> FindAsync(int number, CancellationToken cancellation) => FindRowAsync(CatalogueRows.VersionKey(number), cancellation);

    public Task<CatalogueVersion?> FindAsync(string hash, CancellationToken cancellation) => FindRowAsync(CatalogueRows.HashKey(hash), cancellation);

    public Task<IReadOnlyList<CatalogueVersion>> ListAsync(int below, int limit, CancellationToken cancellation)
    {
        var (after, until) = (below is int.MaxValue ? CatalogueRows.VersionsFrom() : CatalogueRows.VersionKey(below), CatalogueRows.VersionsUntil());
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {CatalogueRows.Versions} and RowKey gt {after} and RowKey lt {until}");
        return StorageFault.GuardAsync<IReadOnlyList<CatalogueVersion>>("list the versions", async () =>
            await (await TableAsync(cancellation)).QueryAsync<TableEntity>(filter, limit, cancellationToken: cancellation)
                .Take(limit).Select(CatalogueRows.Version).ToListAsync(cancellation), cancellation);
    }

    private Task<CatalogueVersion?> FindRowAsync(string key, CancellationToken cancellation) => StorageFault.GuardAsync("read a version", async () =>
    {
        var table = await TableAsync(cancellation);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(CatalogueRows.Versions, key, cancellationToken: cancellation);
        return found.HasValue ? CatalogueRows.Version(found.Value!) : null;
    }, cancellation);

    /// <summary>Every write here may be repeated.</summary>
    private ValueTask<TableClient> TableAsync(CancellationToken cancellation) => storage.PatientAsync(storage.Names.Catalogue, cancellation);

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            zip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static CatalogueBundle? Unpack(byte[] packed)
    {
        using var zip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        try
        {
            return CatalogueBundle.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>
/// Versions and contents as rows. Versions share a partition: <c>version|9999999998</c>, whose falling number puts the
/// newest first, and <c>hash|…</c>, which leads from a content to its version. A content has a partition of its own,
/// <c>content|…</c>, with rows of up to 10 pieces of 64 KiB.
/// </summary>
internal static class CatalogueRows
{
    public const string Versions = "versions";

    /// <summary>The bytes of content in one property: the most that the service takes.</summary>
    private const int Piece = 64 * 1024;

    /// <summary>
    /// The number of pieces in one row, with which it stays below the service's 1 MiB, also written in base 64.
    /// </summary>
    private const int Pieces = 10;

    private const string Count = "Rows";

    public static string VersionKey(int number) => TableKey.Join("version", (9_999_999_999L - number).ToString("D10", CultureInfo.InvariantCulture));

    public static string VersionsFrom() => TableKey.From("version");

    public static string VersionsUntil() => TableKey.Until("version");

    public static string HashKey(string hash) => TableKey.Join("hash", hash);

    public static string ContentPartition(string stored) => TableKey.Join("content", stored);

    public static TableEntity Of(CatalogueVersion version, string key) => new(Versions, key)
    {
        [nameof(version.Number)] = version.Number,
        [nameof(version.Hash)] = version.Hash,
        [nameof(version.Stored)] = version.Stored,
        [nameof(version.CreatedAt)] = version.CreatedAt,
        [nameof(version.By)] = version.By,
        [nameof(version.Source)] = version.Source.ToString(),
        [nameof(version.Comment)] = version.Comment,
    };

    public static CatalogueVersion Version(TableEntity row) => new(
        row.GetInt32(nameof(CatalogueVersion.Number))!.Value,
        row.GetString(nameof(CatalogueVersion.Hash)),
        row.GetString(nameof(CatalogueVersion.Stored)),
        row.GetDateTimeOffset(nameof(CatalogueVersion.CreatedAt))!.Value,
        row.GetString(nameof(CatalogueVersion.By)),
        Enum.Parse<CatalogueSource>(row.GetString(nameof(CatalogueVersion.Source))),
        row.GetString(nameof(CatalogueVersion.Comment)));

    public static IReadOnlyList<TableEntity> OfContent(string stored, byte[] packed)
    {
        var rows = packed.Chunk(Piece).Chunk(Pieces).Select((pieces, index) =>
        {
            var row = new TableEntity(ContentPartition(stored), index.ToString("D4", CultureInfo.InvariantCulture));
            foreach (var (piece, number) in pieces.Select((piece, number) => (piece, number)))
            {
                row[PieceName(number)] = piece;
            }

            return row;
        }).ToList();
        rows.ForEach(row => row[Count] = rows.Count);
        return rows;
    }

    /// <summary>The packed content; null where rows of it are missing.</summary>
    /// <param name="rows">In the order of their keys.</param>
    public static byte[]? Packed(IReadOnlyList<TableEntity> rows) => rows.Count is 0 || rows.Any(row => row.GetInt32(Count) != rows.Count)
        ? null
        : [.. rows.SelectMany(row => Enumerable.Range(0, Pieces).Select(number => row.GetBinary(PieceName(number))).OfType<byte[]>().SelectMany(piece => piece))];

    private static string PieceName(int number) => $"Piece{number.ToString("D2", CultureInfo.InvariantCulture)}";
}
