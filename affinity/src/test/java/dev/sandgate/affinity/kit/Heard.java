package dev.sandgate.affinity.kit;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.TableListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a listener hears: {@code EXPIRED x}, {@code freed}, {@code a COOLING}. */
public final class Heard implements TableListener {

    public final List<String> news = new CopyOnWriteArrayList<>();

    @Override
    public void ended(Binding binding, Ended why) {
        news.add(why + " " + binding.key().id());
    }

    @Override
    public void freed(String pool) {
        news.add("freed");
    }

    @Override
    public void changed(Member member) {
        news.add(member.instance().id() + " " + member.state());
    }
}
