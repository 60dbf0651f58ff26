namespace Freeway.Gateway.Catalogue.Edits;

/// <summary>What a catalogue is made of.</summary>
public enum EntryKind
{
    Model,
    Plan,
    Upstream,
}
