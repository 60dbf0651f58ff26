using System.Globalization;
using Azure.Data.Tables;
using Freeway.Adapters.Tables;
using Freeway.Gateway.Catalogue.Versions;

namespace Freeway.Adapters.Catalogue;

/// <summary>
/// Versions and contents as rows. Versions share a partition: <c>version|9999999998</c>, whose falling number puts the newest
/// first, and <c>hash|…</c>, which leads from a content to its version. A content has a partition of its own,
/// <c>content|…</c>, with rows of up to 10 pieces of 64 KiB.
/// </summary>
internal static class CatalogueRows
{
    public const string Versions = "versions";

    /// <summary>What the service takes in one property.</summary>
    private const int Piece = 64 * 1024;

    /// <summary>With them a row stays below the service's 1 MiB, also written in base 64.</summary>
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
