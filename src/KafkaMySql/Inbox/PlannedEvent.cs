namespace KafkaMySql;

/// <summary>An event that is to stand in its table, with the record it came in.</summary>
internal readonly record struct PlannedEvent(InboxItem Item, InboxEvent Event)
{
    /// <summary>Whether it has a coordinate to give to a row that is there already.</summary>
    public bool IsOwn => !Item.IsForeign;
}
