namespace Freeway.Gateway.Models;

/// <summary>The routing suffix after the last colon of a slug. Any other suffix belongs to the model id.</summary>
public enum Variant
{
    None,
    Free,
    Flex,
}
