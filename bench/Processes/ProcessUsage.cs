using System.Globalization;

namespace Freeway.Bench.Processes;

/// <summary>Reads what a process has used, from Linux's <c>/proc</c>.</summary>
/// <param name="Cpu">
/// The processor time of all its threads and of those of the processes that it started, in user mode and in the kernel.
/// </param>
/// <param name="ResidentMegabytes">The memory that is its own or shared and in use, in MB of 1,000,000 bytes.</param>
internal sealed record ProcessUsage(TimeSpan Cpu, double ResidentMegabytes)
{
    /// <summary>Linux counts in hundredths of a second on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private const int PageBytes = 4096;

    public static ProcessUsage Of(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");

        // The name stands in brackets and may hold spaces; utime and stime are the 12th and 13th fields after it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var own = TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
        var others = OfChildren(process);
        return new ProcessUsage(own + others.Cpu, (Number(fields[21]) * PageBytes / 1e6) + others.ResidentMegabytes);
    }

    /// <summary>What the processes have used that a process started, without its own use.</summary>
    public static ProcessUsage OfChildren(int process) => Children(process).Select(Of).Aggregate(
        new ProcessUsage(TimeSpan.Zero, 0),
        (sum, child) => new ProcessUsage(sum.Cpu + child.Cpu, sum.ResidentMegabytes + child.ResidentMegabytes));

    private static IEnumerable<int> Children(int process) =>
        from task in Directory.GetDirectories($"/proc/{process}/task")
        from child in File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where child.Trim().Length > 0
        select int.Parse(child, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
