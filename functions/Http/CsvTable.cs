namespace Freeway.Functions.Http;

/// <summary>How a list looks as CSV.</summary>
/// <param name="Name">Of the file that a browser makes of it, without its ending.</param>
internal sealed record CsvTable<T>(string Name, IReadOnlyList<(string Column, Func<T, object?> Value)> Columns);
