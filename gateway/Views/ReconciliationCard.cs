using System.Text.Json.Serialization;
using Freeway.Gateway.Core;
using Freeway.Gateway.Reconciliation;

namespace Freeway.Gateway.Views;

/// <summary>How the books compare with the records.</summary>
/// <param name="From">The first day whose records were looked through; the last is today.</param>
/// <param name="OrgsFailed">Those that could not be looked at.</param>
/// <param name="Drift">How many figures differ and nothing under way explains it; 0 in books that are right.</param>
/// <param name="Repaired">How many of these are right now.</param>
/// <param name="InFlight">How many differ by what is under way.</param>
/// <param name="Checked">How many rows were compared.</param>
/// <param name="Busy">How many were not, because they moved meanwhile.</param>
/// <param name="Unchecked">How many were not, because their records were not looked through, or are gone.</param>
/// <param name="Differences">A thousand at most, drift first.</param>
public sealed record ReconciliationCard(
    DateTimeOffset At, DateOnly From, DateOnly To, int Orgs, int OrgsFailed, int Drift, int Repaired, int InFlight, int Checked, int Busy, int Unchecked,
    IReadOnlyList<DifferenceCard> Differences)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "reconciliation";

    public static ReconciliationCard Of(ReconciliationReport report) => new(
        report.At, report.From, report.To, report.Orgs, report.Failed, report.Drift, report.Repaired, report.InFlight, report.Checked, report.Busy, report.Unchecked,
        [.. report.Differences.Select(one => new DifferenceCard(
            one.Book.WireName(), one.Org, one.Subject, one.Window, one.Figure, one.Stored, one.Expected, one.Certainty is Certainty.InFlight, one.Repaired))]);
}
