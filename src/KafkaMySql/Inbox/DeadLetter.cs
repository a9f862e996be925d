namespace KafkaMySql;

/// <summary>A record that no version and no table can take, and why.</summary>
internal readonly record struct DeadLetter(InboxItem Item, string Reason, string? TraceId, ushort? TypeId)
{
    /// <summary>Whether somebody was promised that it would be stored.</summary>
    public bool IsOwn => !Item.IsForeign;
}
