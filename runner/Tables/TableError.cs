using System.Globalization;

namespace Freeway.EmbeddedTables;

/// <summary>A refusal in the service's own words.</summary>
/// <param name="Code">One of the service's error codes.</param>
internal sealed record TableError(int Status, string Code, string Message)
{
    public static TableError TableNotFound { get; } = new(404, "TableNotFound", "The table specified does not exist.");

    public static TableError TableAlreadyExists { get; } =
        new(409, "TableAlreadyExists", "The table specified already exists.");

    public static TableError ResourceNotFound { get; } =
        new(404, "ResourceNotFound", "The specified resource does not exist.");

    public static TableError EntityAlreadyExists { get; } =
        new(409, "EntityAlreadyExists", "The specified entity already exists.");

    public static TableError ConditionNotSatisfied { get; } = new(
        412, "UpdateConditionNotSatisfied", "The update condition specified in the request was not satisfied.");

    public static TableError EntityTooLarge { get; } =
        new(400, "EntityTooLarge", "The entity is larger than the maximum allowed size (1MB).");

    public static TableError PropertyValueTooLarge { get; } = new(
        400,
        "PropertyValueTooLarge",
        "The property value exceeds the maximum allowed size (64KB). If the property value is a string, it is UTF-16 "
        + "encoded and the maximum number of characters should be 32K or less.");

    public static TableError TooManyProperties { get; } = new(
        400,
        "TooManyProperties",
        "The entity contains more properties than allowed. Each entity can include up to 252 properties.");

    public static TableError PropertyNameTooLong { get; } =
        new(400, "PropertyNameTooLong", "The property name exceeds the maximum allowed length (255).");

    public static TableError PropertyNameInvalid { get; } =
        new(400, "PropertyNameInvalid", "The property name is invalid.");

    public static TableError KeyTooLarge { get; } =
        new(400, "KeyValueTooLarge", "The key property value is larger than the maximum allowed size (1KB).");

    public static TableError KeyOutOfRange { get; } =
        new(400, "OutOfRangeInput", "A key holds a character that is out of range: / \\ # ? or a control character.");

    public static TableError TableNameInvalid { get; } =
        new(400, "InvalidResourceName", "The specified resource name contains invalid characters.");

    public static TableError TableNameOutOfRange { get; } =
        new(400, "OutOfRangeInput", "The specified resource name length is not within the permissible limits.");

    public static TableError TooManyOperations { get; } = new(
        400, "InvalidInput", "The batch request operation exceeds the maximum 100 changes per change set.");

    public static TableError DuplicateRow { get; } = new(
        400, "InvalidDuplicateRow", "A row key occurs twice; an entity can appear only once in a transaction.");

    public static TableError DifferentPartitions { get; } = new(
        400, "CommandsInBatchActOnDifferentPartitions", "All commands in a batch must operate on same entity group.");

    public static TableError BodyTooLarge { get; } = new(
        413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit.");

    public static TableError InternalError { get; } =
        new(500, "InternalError", "The file of the tables could not be read or written.");

    public static TableError ServerBusy { get; } = new(503, "ServerBusy", "The file of the tables is locked.");

    public static TableError InvalidInput(string why) =>
        new(400, "InvalidInput", "One of the request inputs is not valid. " + why);

    /// <summary>
    /// Makes the refusal of one action of a transaction from this one; the service puts the index before its message.
    /// </summary>
    public TableError At(int index) =>
        this with { Message = string.Create(CultureInfo.InvariantCulture, $"{index}:{Message}") };
}
