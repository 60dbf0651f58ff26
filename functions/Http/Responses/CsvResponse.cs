using System.Globalization;
using CsvHelper;
using Freeway.Functions.Http.Requests;
using Freeway.Gateway.Core;
using Microsoft.AspNetCore.Http;

namespace Freeway.Functions.Http.Responses;

/// <summary>
/// Writes a list of any length as CSV: piece by piece as it is read, each sent on before the next is asked for, so that
/// memory holds one piece and a slow reader slows the reading.
/// </summary>
internal static class CsvResponse
{
    public const string Csv = "text/csv; charset=utf-8";


    /// <summary>
    /// A cell that begins like a formula is written with an apostrophe before it: cells hold words of callers, and
    /// spreadsheets run formulas.
    /// </summary>
    private static readonly CsvWriterOptions Format = new() { Injection = CsvInjection.Escape, TrueValue = "true", FalseValue = "false" };

    /// <returns>A refusal to answer with where storage failed before anything was sent, else null.</returns>
    /// <exception cref="BrokenResponseException">
    /// It failed later: a file that ends early must not look whole.
    /// </exception>
    public static async Task<Refusal?> WriteAsync<T>(
        HttpResponse response, CsvTable<T> table, IAsyncEnumerable<IReadOnlyList<T>> pieces)
    {
        var (gone, begun) = (response.HttpContext.RequestAborted, false);
        try
        {
            await foreach (var piece in pieces.WithCancellation(gone))
            {
                if (!begun && !await BeginAsync(response, table))
                {
                    return null;
                }

                begun = true;
                await SendAsync(response, table, piece, header: false);
            }

            _ = begun || await BeginAsync(response, table);
            return null;
        }
        catch (IOException) when (!begun)
        {
            return Refuse.CannotBeRead();
        }
        catch (IOException) when (!gone.IsCancellationRequested)
        {
            throw new BrokenResponseException(RequestIdentity.Of(response.HttpContext).Id);
        }
        catch (Exception left) when (gone.IsCancellationRequested && left is OperationCanceledException or IOException)
        {
            // Nobody is there to read on.
            return null;
        }
    }

    /// <returns>False for a HEAD request, which is answered with that.</returns>
    private static async Task<bool> BeginAsync<T>(HttpResponse response, CsvTable<T> table)
    {
        response.ContentType = Csv;
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{table.Name}.csv\"";
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            return false;
        }

        await SendAsync(response, table, [], header: true);
        return true;
    }

    private static async Task SendAsync<T>(HttpResponse response, CsvTable<T> table, IReadOnlyList<T> rows, bool header)
    {
        using var text = new MemoryStream();
        using (var csv = CsvWriter.Create(text, Format, leaveOpen: true))
        {
            if (header)
            {
                WriteRow(csv, table.Columns.Select(column => (object)column.Column));
            }

            foreach (var row in rows)
            {
                WriteRow(csv, table.Columns.Select(column => column.Value(row)));
            }
        }

        await response.Body.WriteAsync(
            text.GetBuffer().AsMemory(0, (int)text.Length), response.HttpContext.RequestAborted);
        await response.Body.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static void WriteRow(CsvWriter csv, IEnumerable<object?> cells)
    {
        foreach (var cell in cells)
        {
            Write(csv, cell);
        }

        csv.EndRecord();
    }

    /// <summary>Times sort as text; nothing depends on where the reader or this machine lives.</summary>
    private static void Write(CsvWriter csv, object? cell)
    {
        switch (cell)
        {
            case null or string:
                csv.WriteField((string?)cell);
                break;
            case bool yes:
                csv.WriteField(yes);
                break;
            case DateTimeOffset time:
                csv.WriteField(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                break;
            case int or long:
                csv.WriteField(Convert.ToInt64(cell, CultureInfo.InvariantCulture), default);
                break;
            default:
                throw new InvalidOperationException($"There is no cell for a {cell.GetType().Name}.");
        }
    }
}

/// <summary>Describes the columns of a list as CSV.</summary>
/// <param name="Name">Of the file that a browser makes of it, without its ending.</param>
internal sealed record CsvTable<T>(string Name, IReadOnlyList<(string Column, Func<T, object?> Value)> Columns);
