namespace KafkaMySql;

/// <summary>Whoever waits for an append.</summary>
internal interface IAppendWaiter
{
    void Done(int index, LogOutcome outcome);
}
