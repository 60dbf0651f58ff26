using Freeway.Runner.Clock;

namespace Freeway.Runner.Local;

/// <summary>
/// The latest moment that a <see cref="ManualClock"/> has shown in a data folder. A folder has either real times or
/// played ones: rows from a future would count again when that day comes.
/// </summary>
internal sealed class ClockNote(DataFolder folder)
{
    /// <summary>The moment that was noted in a folder; null where its times are real, or where it is new.</summary>
    public static DateTimeOffset? Read(string root)
    {
        var path = PathIn(root);
        return File.Exists(path) && ClockMoment.TryRead(File.ReadAllText(path).Trim(), out var moment) ? moment : null;
    }

    /// <summary>Checks that the folder's times go with this clock, and notes where a manual one is moved.</summary>
    /// <exception cref="LocalSetupException">Its times are of the other kind, or later.</exception>
    public void Follow(TimeProvider time)
    {
        var (last, now) = (Read(folder.Root), time.GetUtcNow());
        if (time is not ManualClock clock)
        {
            if (last is { } played)
            {
                throw new LocalSetupException(
                    $"{folder.Root} was used with --clock, up to {ClockMoment.Write(played)}: start with --clock, or "
                    + "name another folder with --data.");
            }

            return;
        }

        if (last is null && File.Exists(folder.Tables))
        {
            throw new LocalSetupException(
                $"{folder.Root} holds real times, which --clock would mix with played ones: name a new folder with "
                + "--data, or none, for state that goes with the run.");
        }

        if (last > now)
        {
            throw new LocalSetupException(
                $"{folder.Root} was used up to {ClockMoment.Write(last.Value)}, and its clock only goes forward: start "
                + "at that moment or later, or name a new folder with --data.");
        }

        Write(now);
        clock.Moving += Write;
    }

    private static string PathIn(string root) => Path.Combine(root, "clock");

    private void Write(DateTimeOffset moment) =>
        File.WriteAllText(PathIn(folder.Root), ClockMoment.Write(moment) + "\n");
}
