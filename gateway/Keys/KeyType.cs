namespace Freeway.Gateway.Keys;

/// <summary>What a key is for.</summary>
public enum KeyType
{
    /// <summary>Requests of an org.</summary>
    Api,

    /// <summary>Administration.</summary>
    Management,
}
