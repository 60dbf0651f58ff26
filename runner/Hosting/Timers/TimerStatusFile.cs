using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Freeway.Runner.Hosting.Timers;

/// <summary>A timer's status on disk, so that a run missed while nothing ran is made up for.</summary>
internal sealed class TimerStatusFile(string folder, string function)
{
    private readonly string _path = Path.Combine(folder, function + ".json");

    /// <summary>Null where there is none, or none that can be read.</summary>
    public ScheduleStatus? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<ScheduleStatus>(File.ReadAllBytes(_path));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Write(ScheduleStatus status)
    {
        Directory.CreateDirectory(folder);
        var next = _path + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(status));
        File.Move(next, _path, overwrite: true);
    }
}
